'use strict';
// A force-directed layout for thousands of nodes: Fruchterman and Reingold (1991) with a grid, so that only
// neighbours within three ideal lengths repel. No randomness: the same nodes and edges give the same picture.
// Works in slices of a few milliseconds; calls done(positions) at the end unless `cancelled()` by then.
function placeNodes(count, pairs, stretch, cancelled, done) {
  const LENGTH = 160, REACH = 3 * LENGTH, SLICE_MS = 12;
  const steps = count < 400 ? 300 : 160;
  const x = new Float64Array(count), y = new Float64Array(count);
  const dx = new Float64Array(count), dy = new Float64Array(count), degree = new Float64Array(count);
  for (const [a, b] of pairs) { degree[a] += 1; degree[b] += 1; }
  // Sunflower spiral: the first nodes, which are the best connected, start in the middle.
  for (let i = 0; i < count; i += 1) {
    const radius = LENGTH * 0.7 * Math.sqrt(i + 0.5), angle = i * 2.399963229728653;
    x[i] = radius * Math.cos(angle); y[i] = radius * Math.sin(angle);
  }
  const repel = (i, j) => {
    let ex = x[i] - x[j], ey = y[i] - y[j], d2 = ex * ex + ey * ey;
    if (d2 > REACH * REACH) return;
    if (d2 < 1) { ex = 1 + (i % 7); ey = 1 + (j % 5); d2 = ex * ex + ey * ey; }
    const f = LENGTH * LENGTH / d2;
    dx[i] += ex * f; dy[i] += ey * f; dx[j] -= ex * f; dy[j] -= ey * f;
  };
  const step = (n) => {
    dx.fill(0); dy.fill(0);
    const cells = new Map();
    const cell = (i) => Math.floor(x[i] / REACH) * 65536 + Math.floor(y[i] / REACH);
    for (let i = 0; i < count; i += 1) {
      const key = cell(i);
      if (cells.has(key)) cells.get(key).push(i); else cells.set(key, [i]);
    }
    for (const [key, members] of cells) {
      for (let m = 0; m < members.length; m += 1) {
        for (let o = m + 1; o < members.length; o += 1) repel(members[m], members[o]);
        for (const side of [1, 65535, 65536, 65537]) for (const j of cells.get(key + side) || []) repel(members[m], j);
      }
    }
    for (const [a, b] of pairs) {
      const ex = x[a] - x[b], ey = y[a] - y[b], d = Math.sqrt(ex * ex + ey * ey);
      // Hubs pull less on each neighbour, or all would lie on one heap.
      const f = d / LENGTH / Math.sqrt(Math.min(degree[a], degree[b]));
      dx[a] -= ex * f; dy[a] -= ey * f; dx[b] += ex * f; dy[b] += ey * f;
    }
    const heat = LENGTH * 1.2 * (1 - n / steps) ** 1.5 + 0.5;
    for (let i = 0; i < count; i += 1) {
      dx[i] -= x[i] * 0.12; dy[i] -= y[i] * 0.12;
      const d = Math.sqrt(dx[i] * dx[i] + dy[i] * dy[i]) || 1, move = Math.min(d, heat);
      x[i] += dx[i] / d * move; y[i] += dy[i] / d * move;
    }
  };
  let n = 0;
  const slice = () => {
    if (cancelled()) return;
    const until = performance.now() + SLICE_MS;
    while (n < steps && performance.now() < until) { step(n); n += 1; }
    if (n < steps) { setTimeout(slice, 0); return; }
    const wide = Math.sqrt(stretch);
    done(Array.from(x, (value, i) => ({ x: value * wide, y: y[i] / wide })));
  };
  slice();
}
