// A person's timeline · تسلسل زمني لشخص
// Write a name between the quotes; '' is whoever is named most.
WITH '' AS name
MATCH (p:Person) WHERE name = '' OR name IN coalesce(p.aliases, []) + [p.name, p.nameAr, p.nameEn] OR name = p.name
WITH p ORDER BY p.mentionCount DESC, p.id LIMIT 1
MATCH (p)-[r]-(other:Entity)
MATCH (d:Document {id: r.document, corpus: r.corpus})
RETURN coalesce(r.date, d.published) AS date, p.name AS person, type(r) AS claim, r.negated AS denied,
  other.name AS other, r.sentence AS sentence, d.title AS document
ORDER BY date, document, r.start
LIMIT 500
