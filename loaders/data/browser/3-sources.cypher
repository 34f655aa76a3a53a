// Claims by source · الادّعاءات بحسب المصدر
// Write a source's name between the quotes for its claims alone.
WITH '' AS source
MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.attributedToName IS NOT NULL AND source IN ['', r.attributedToName]
MATCH (d:Document {id: r.document, corpus: r.corpus})
RETURN r.attributedToName AS source, a.name AS subject, type(r) AS claim, r.negated AS denied, b.name AS object,
  r.sentence AS sentence, d.title AS document
ORDER BY source, document, r.start
LIMIT 500
