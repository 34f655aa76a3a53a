// Who talks to whom · من يتحدّث إلى من
MATCH path = (:Person|Organization|Place)-[r:COMMUNICATED_WITH|AGREED_WITH|REQUESTED|SUPPORTS|CRITICIZED|THREATENED]->(:Person|Organization|Place)
WHERE NOT r.negated
RETURN path
LIMIT 200
