// What one document says · ماذا تقول وثيقة واحدة
// Write the id or the title of a document between the quotes; '' is the one that says most.
WITH '' AS which
MATCH (a:Entity)-[r]->(b:Entity)
WHERE r.document IS NOT NULL
MATCH (d:Document {id: r.document, corpus: r.corpus})
WHERE which IN ['', d.id, d.title]
WITH d, collect({a: a, r: r, b: b}) AS claims
ORDER BY size(claims) DESC, d.id LIMIT 1
UNWIND claims AS claim
RETURN claim.a AS subject, claim.r AS claim, claim.b AS object, claim.r.sentence AS sentence, d.title AS document
ORDER BY claim.r.start
