// Shortest path between two people · أقصر طريق بين شخصين
// Write two names between the quotes; '' is whoever is named most.
WITH '' AS one, '' AS other
MATCH (a:Person) WHERE one = '' OR one IN coalesce(a.aliases, []) + [a.name, a.nameAr, a.nameEn] OR one = a.name
WITH other, a ORDER BY a.mentionCount DESC, a.id LIMIT 5
WITH other, collect(a) AS some
MATCH (b:Person) WHERE other = '' OR other IN coalesce(b.aliases, []) + [b.name, b.nameAr, b.nameEn] OR other = b.name
WITH some, b ORDER BY b.mentionCount DESC, b.id LIMIT 5
UNWIND some AS a
WITH a, b WHERE a <> b
MATCH path = shortestPath((a)-[*..8]-(b))
WHERE none(r IN relationships(path) WHERE type(r) = 'MENTIONED_IN' OR r.negated)
RETURN path
ORDER BY length(path), a.id, b.id
LIMIT 1
