// Money flows above an amount · تدفّقات مالية تتجاوز مبلغاً
// Set the amount, and a currency (USD, AED, …) or '' for all of them.
WITH 1000000 AS least, '' AS currency
MATCH path = (:Entity)-[r]->(b:Entity)
WHERE NOT r.negated AND (r.amount >= least AND currency IN ['', r.currency]
  OR type(r) = 'HAS_AMOUNT' AND b.amount >= least AND currency IN ['', b.currency])
RETURN path
ORDER BY coalesce(r.amount, b.amount) DESC
LIMIT 200
