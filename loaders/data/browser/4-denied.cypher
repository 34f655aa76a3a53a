// Denied claims · ادّعاءات منفيّة
MATCH path = (:Entity)-[r]->(:Entity)
WHERE r.negated
RETURN path
LIMIT 200
