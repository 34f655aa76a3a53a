// Contradictions: claimed and denied · تناقضات: مُدّعى ومنفيّ
MATCH (a:Entity)-[said]->(b:Entity)
WHERE said.negated = false
MATCH (a)-[denied]-(b)
WHERE denied.negated AND type(denied) = type(said) AND (startNode(denied) = a OR type(said) IN
  ['FAMILY_OF', 'COMMUNICATED_WITH', 'AGREED_WITH', 'TRADES_WITH', 'COMPETED_WITH'])
RETURN a, said, denied, b, said.sentence AS claimed, denied.sentence AS denial
LIMIT 200
