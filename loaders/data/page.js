'use strict';
// The page: data from articles is shown with textContent only, never parsed as markup.
(() => {
  const LIMIT = 120, LABELLED = 1000, NAMED = 40, CHUNK = 400, PAGE = 50, FOUND = 8;
  // Okabe and Ito's colours, told apart by the colour-blind; the shapes say the same again.
  const LOOKS = {
    Person: ['#0072b2', 'ellipse', 'circle(50%)'], Organization: ['#d55e00', 'round-rectangle', 'inset(8% round 20%)'],
    Place: ['#009e73', 'diamond', 'polygon(50% 0, 100% 50%, 50% 100%, 0 50%)'],
    Product: ['#aa4499', 'hexagon', 'polygon(25% 0, 75% 0, 100% 50%, 75% 100%, 25% 100%, 0 50%)'],
    Money: ['#8a6d00', 'triangle', 'polygon(50% 0, 100% 100%, 0 100%)'],
  };
  const OTHER = ['#6b7280', 'octagon', 'polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%)'];
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('data').textContent), words = JSON.parse($('words').textContent);
  const { entities, claims, documents, texts } = data;
  const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);

  let language = 'ar';
  const word = (kind, key) => { const w = own(words[kind], key); return w ? w[language] : key; };
  const number = (value) => new Intl.NumberFormat(language === 'ar' ? 'ar-u-nu-latn' : 'en', { maximumFractionDigits: 2 }).format(value);
  const el = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === 'onclick') node.addEventListener('click', value);
      else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined && child !== ''));
    return node;
  };
  const bdi = (text) => el('bdi', {}, String(text));
  const button = (onclick, attributes, ...children) => el('button', { type: 'button', onclick, ...attributes }, ...children);

  // rawabit.ner.text.fold: its table for the scripts that names are written in, and the gist of it for the rest.
  const folding = new Map(Object.entries(data.folding));
  const fold = (text) => {
    let out = '';
    for (const char of text) {
      let folded = folding.get(char);
      if (folded === undefined) {
        folded = char.normalize('NFKD').replace(/[\p{Mn}\p{Me}]/gu, '').toLowerCase();
        folding.set(char, folded);
      }
      out += folded;
    }
    return out;
  };

  const amountText = (amount, currency) => [typeof amount === 'number' ? number(amount) : amount, currency].filter((p) => p !== undefined && p !== null).join(' ');
  const nameOf = (entity) => {
    if (entity.label !== 'Money' || entity.amount === undefined) return entity.name;
    const bound = { about: '≈ ', at_least: '≥ ', at_most: '≤ ' }[entity.bound] || '';
    return bound + amountText(entity.amount, entity.currency ?? ((entity.candidates || []).join('/') || undefined));
  };
  const title = (d) => documents[d].title || documents[d].url || documents[d].id;
  const look = (label) => own(LOOKS, label) || OTHER;
  const swatch = (label) => {
    const node = el('span', { class: 'swatch', 'aria-hidden': 'true' });
    node.style.background = look(label)[0]; node.style.clipPath = look(label)[2];
    return node;
  };
  entities.forEach((e, i) => { e.at = i; e.claims = []; e.folded = [e.name, e.nameAr, e.nameEn, ...(e.aliases || [])].filter(Boolean).map(fold); });
  claims.forEach((c, i) => { c.at = i; entities[c.s].claims.push(c); if (c.o !== c.s) entities[c.o].claims.push(c); });
  let foldedTexts = null; // made when first searched
  // The most connected and most mentioned first; ties in the order of ids, which is the order of the data.
  const rank = [...entities].sort((a, b) => (b.claims.length + b.mentions) - (a.claims.length + a.mentions) || a.at - b.at);

  const state = { query: '', labels: new Set(), relations: new Set(), least: 0, money: false, loose: false, limit: LIMIT, list: 'claims', page: 0, selected: null, pinned: new Set() };
  const kinds = (items) => [...new Set(items)].sort((a, b) => Object.keys(LOOKS).indexOf(a) - Object.keys(LOOKS).indexOf(b) || (a < b ? -1 : 1));
  const allLabels = kinds(entities.map((e) => e.label)), allRelations = [...new Set(claims.map((c) => c.type))].sort();
  const openFilters = () => { state.labels = new Set(allLabels); state.relations = new Set(allRelations); state.least = 0; state.query = ''; state.pinned = new Set(); };
  openFilters();

  let view = null;
  const compute = () => {
    const query = fold(state.query).trim();
    if (query) foldedTexts ??= texts.map(fold);
    const named = new Set(query ? entities.filter((e) => e.folded.some((n) => n.includes(query))).map((e) => e.at) : []);
    const kept = claims.filter((c) => state.relations.has(c.type) && (c.confidence ?? 1) >= state.least
      && state.labels.has(entities[c.s].label) && state.labels.has(entities[c.o].label)
      && (!query || named.has(c.s) || named.has(c.o) || foldedTexts[c.text]?.includes(query)));
    const linked = new Set(kept.flatMap((c) => [c.s, c.o]));
    const matching = entities.filter((e) => state.labels.has(e.label) && (!query || named.has(e.at) || linked.has(e.at)));
    const isMatching = new Set(matching.map((e) => e.at));
    const hides = (e) => e.label === 'Money' && !state.money && !state.pinned.has(e.at);
    // A relation to an amount that is not drawn does not make its other end a node worth drawing.
    const tied = new Set(kept.filter((c) => !hides(entities[c.s]) && !hides(entities[c.o])).flatMap((c) => [c.s, c.o]));
    const hidden = { filter: 0, money: 0, loose: 0, limit: 0 };
    const drawn = [];
    // The most connected first, but each beside the best of those it is tied to: a limit must not leave strays.
    const first = (e) => state.pinned.has(e.at) || named.has(e.at);
    const position = new Map([...rank.filter(first), ...rank.filter((e) => !first(e))].map((e, i) => [e.at, i]));
    const best = new Map();
    for (const c of kept) for (const [a, b] of [[c.s, c.o], [c.o, c.s]]) if (a !== b) best.set(a, Math.min(best.get(a) ?? Infinity, position.get(b)));
    const turn = (e) => (first(e) ? position.get(e.at) : Math.max(position.get(e.at), best.get(e.at) ?? 0));
    for (const e of [...entities].sort((a, b) => turn(a) - turn(b) || position.get(a.at) - position.get(b.at))) {
      if (state.pinned.has(e.at)) drawn.push(e);
      else if (!isMatching.has(e.at)) hidden.filter += 1;
      else if (hides(e)) hidden.money += 1;
      else if (!tied.has(e.at) && !state.loose && !named.has(e.at)) hidden.loose += 1;
      else if (drawn.length >= state.limit) hidden.limit += 1;
      else drawn.push(e);
    }
    const isDrawn = new Set(drawn.map((e) => e.at));
    const edges = kept.filter((c) => isDrawn.has(c.s) && isDrawn.has(c.o));
    view = { query, named, kept, matching, drawn, edges, isDrawn, hidden };
  };

  // The drawing
  const isolate = (text) => `\u2068${text}\u2069`; // each label finds its own direction on the canvas
  const fonts = getComputedStyle(document.body).fontFamily;
  const cy = cytoscape({
    container: $('graph'), layout: { name: 'preset' }, minZoom: 0.03, maxZoom: 4, hideEdgesOnViewport: claims.length > 2500,
    style: [
      { selector: 'node', style: { label: 'data(label)', 'background-color': 'data(colour)', shape: 'data(shape)', width: 'data(size)', height: 'data(size)', 'font-family': fonts, 'font-size': 'data(font)', 'min-zoomed-font-size': 6, color: '#1c2430', 'text-valign': 'bottom', 'text-margin-y': 4, 'text-wrap': 'ellipsis', 'text-max-width': (node) => 12 * node.data('font'), 'text-outline-color': '#f4f6f8', 'text-outline-width': 2 } },
      { selector: 'edge', style: { label: 'data(label)', width: 1.6, 'line-color': '#9aa4b1', 'target-arrow-color': '#9aa4b1', 'target-arrow-shape': 'triangle', 'arrow-scale': 1.1, 'curve-style': 'bezier', 'control-point-step-size': 46, 'font-family': fonts, 'font-size': 11, 'min-zoomed-font-size': 8, color: '#46505e', 'text-rotation': 'autorotate', 'text-background-color': '#f4f6f8', 'text-background-opacity': 0.85, 'text-background-padding': 1 } },
      { selector: 'edge[?symmetric]', style: { 'target-arrow-shape': 'none' } },
      { selector: 'edge[?negated]', style: { 'line-style': 'dashed', 'line-color': '#b3261e', 'target-arrow-color': '#b3261e', color: '#b3261e' } },
      { selector: 'edge[?quiet]', style: { label: '' } },
      { selector: 'edge.near', style: { label: 'data(label)' } },
      { selector: '.faint', style: { opacity: 0.25 } },
      { selector: 'node.chosen', style: { 'border-width': 4, 'border-color': '#f0a30a' } },
      { selector: 'edge.chosen', style: { width: 4, 'line-color': '#f0a30a', 'target-arrow-color': '#f0a30a', 'z-index': 9 } },
    ],
  });
  const relationText = (c) => word('relation', c.type) + (c.q.former === true ? ` (${word('field', 'former')})` : '');
  const edgeLabel = (c) => isolate((c.negated ? `${word('word', 'negated')}: ` : '') + relationText(c));
  const label = (element) => (element.isNode() ? isolate(nameOf(entities[element.data('at')])) : edgeLabel(claims[element.data('at')]));
  let drawing = 0, settle = () => {}, shown = '';
  const hook = { settled: Promise.resolve() };
  const draw = () => {
    const wanted = `${view.drawn.map((e) => e.at)};${view.edges.map((c) => c.at)}`;
    if (wanted === shown) return;
    shown = wanted; drawing += 1; settle();
    const turn = drawing;
    hook.settled = new Promise((resolve) => { settle = resolve; });
    const place = new Map(view.drawn.map((e, i) => [e.at, i]));
    const seen = new Set(), pairs = [];
    for (const c of view.edges) {
      const key = c.s < c.o ? `${c.s},${c.o}` : `${c.o},${c.s}`;
      if (c.s !== c.o && !seen.has(key)) { seen.add(key); pairs.push([place.get(c.s), place.get(c.o)]); }
    }
    const box = $('graph').getBoundingClientRect(), stretch = Math.min(2.2, Math.max(0.6, box.width / (box.height || 1)));
    const { drawn, edges } = view, quiet = edges.length > LABELLED;
    placeNodes(drawn.length, pairs, stretch, () => turn !== drawing, async (positions) => {
      cy.elements().remove();
      frame(positions);
      // The first names can be read at any distance, the others as one comes near.
      const legible = Math.min(60, 11 / cy.zoom()), font = (i) => (i < NAMED || drawn.length <= 1.5 * NAMED ? Math.max(14, legible) : 14);
      const parts = [...drawn.map((e, i) => ({ group: 'nodes', position: positions[i], data: { id: `n${e.at}`, at: e.at, label: isolate(nameOf(e)), colour: look(e.label)[0], shape: look(e.label)[1], size: Math.min(64, 18 + 6 * Math.sqrt(e.mentions)), font: font(i) } })),
        ...edges.map((c) => ({ group: 'edges', data: { id: `e${c.at}`, at: c.at, source: `n${c.s}`, target: `n${c.o}`, label: edgeLabel(c), negated: c.negated, symmetric: data.symmetric.includes(c.type), quiet } }))];
      for (let i = 0; i < parts.length; i += CHUNK) {
        cy.add(parts.slice(i, i + CHUNK));
        if (parts.length > CHUNK) await new Promise((resolve) => { setTimeout(resolve, 0); });
        if (turn !== drawing) return;
      }
      choose(); settle();
    });
  };
  // Shows all positions, with room for the names; Cytoscape's own fit measures every label, which takes seconds.
  const frame = (positions) => {
    cy.resize();
    if (!positions.length) return;
    const xs = positions.map((at) => at.x), ys = positions.map((at) => at.y);
    const [left, right] = [Math.min(...xs) - 90, Math.max(...xs) + 90], [top, bottom] = [Math.min(...ys) - 45, Math.max(...ys) + 65];
    const zoom = Math.min(1.3, cy.width() / (right - left), cy.height() / (bottom - top));
    cy.viewport({ zoom, pan: { x: cy.width() / 2 - zoom * (left + right) / 2, y: cy.height() / 2 - zoom * (top + bottom) / 2 } });
  };
  const fit = () => frame(cy.nodes().map((node) => node.position()));
  const choose = () => {
    cy.elements('.chosen, .faint, .near').removeClass('chosen faint near');
    if (!state.selected) return;
    const item = cy.getElementById((state.selected.kind === 'entity' ? 'n' : 'e') + state.selected.at);
    if (item.empty()) return;
    item.addClass('chosen');
    const near = item.isNode() ? item.closedNeighborhood() : item.union(item.connectedNodes());
    near.edges().addClass('near'); cy.elements().difference(near).addClass('faint');
    const at = item.isNode() ? item.renderedPosition() : item.renderedMidpoint(), size = $('graph').getBoundingClientRect();
    if (!(at.x > 0 && at.y > 0 && at.x < size.width && at.y < size.height)) cy.center(item);
  };
  cy.on('tap', 'node', (event) => select('entity', event.target.data('at')));
  cy.on('tap', 'edge', (event) => select('claim', event.target.data('at')));
  cy.on('tap', (event) => { if (event.target === cy) select(null); });

  const { fillPanel, fillList, fillFound, fillStatus } = pageParts({ $, el, bdi, button, word, number, amountText, nameOf, title, relationText, swatch, data, state, PAGE, FOUND, LABELLED, get view() { return view; }, select: (...a) => select(...a), refresh: (...a) => refresh(...a) });
  const refresh = (page = 0) => { state.page = page; compute(); draw(); fillStatus(); fillFound(); fillList(); fillPanel(); };
  const select = (kind, at, focus = false) => {
    state.selected = kind ? { kind, at } : null;
    choose(); fillPanel(); fillList();
    if (focus && kind) { $('panel').focus({ preventScroll: true }); $('panel').scrollIntoView({ block: 'nearest' }); }
  };

  // The controls
  const choice = (set, key, text, count, mark) => {
    const box = el('input', { type: 'checkbox', value: key });
    box.checked = set.has(key);
    box.addEventListener('change', () => { if (box.checked) set.add(key); else set.delete(key); refresh(); });
    return el('label', {}, box, ' ', mark ?? null, mark ? ' ' : null, text, ' ', el('span', { class: 'count' }, number(count)));
  };
  const count = (items, key, value) => items.filter((item) => item[key] === value).length;
  const fillControls = () => {
    document.documentElement.lang = language; document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
    for (const node of document.querySelectorAll('[data-word]')) node.textContent = word('word', node.dataset.word);
    $('graph').setAttribute('aria-label', word('word', 'graphAlt')); $('panel').setAttribute('aria-label', word('word', 'details'));
    $('zoom-in').setAttribute('aria-label', word('word', 'zoomIn')); $('zoom-out').setAttribute('aria-label', word('word', 'zoomOut'));
    $('labels').setAttribute('aria-label', word('word', 'labels'));
    $('language').lang = language === 'ar' ? 'en' : 'ar';
    $('labels').replaceChildren(...allLabels.map((key) => choice(state.labels, key, word('label', key), count(entities, 'label', key), swatch(key))));
    $('relations').replaceChildren(...allRelations.map((key) => choice(state.relations, key, word('relation', key), count(claims, 'type', key))));
    $('search').value = state.query; $('confidence').value = state.least; $('least').textContent = state.least.toFixed(2);
    $('money').checked = state.money; $('loose').checked = state.loose;
  };
  let typing = 0;
  $('search').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(() => { state.query = $('search').value; refresh(); }, 150); });
  $('search').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    clearTimeout(typing); state.query = $('search').value; refresh();
    const first = rank.find((e) => view.named.has(e.at));
    if (first) select('entity', first.at);
  });
  $('confidence').addEventListener('input', () => { state.least = Number($('confidence').value); $('least').textContent = state.least.toFixed(2); refresh(); });
  $('money').addEventListener('change', () => { state.money = $('money').checked; refresh(); });
  $('loose').addEventListener('change', () => { state.loose = $('loose').checked; refresh(); });
  $('relations-all').addEventListener('click', () => { state.relations = new Set(allRelations); fillControls(); refresh(); });
  $('relations-none').addEventListener('click', () => { state.relations = new Set(); fillControls(); refresh(); });
  $('reset').addEventListener('click', () => { openFilters(); fillControls(); refresh(); });
  $('fit').addEventListener('click', fit);
  for (const [id, factor] of [['zoom-in', 1.4], ['zoom-out', 1 / 1.4]]) $(id).addEventListener('click', () => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }));
  for (const list of ['claims', 'entities']) $(`list-${list}`).addEventListener('click', () => { state.list = list; state.page = 0; fillList(); });
  $('language').addEventListener('click', () => {
    language = language === 'ar' ? 'en' : 'ar';
    fillControls(); refresh(state.page);
    cy.batch(() => cy.elements().forEach((item) => { item.data('label', label(item)); }));
  });
  fillControls(); refresh();
  // For tests and for the curious: select by id, search, and what is drawn.
  window.rawabit = Object.assign(hook, {
    cy, fold, counts: () => ({ nodes: view.drawn.length, edges: view.edges.length, claims: view.kept.length, entities: view.matching.length }),
    select: (id) => {
      const kind = claims.some((c) => c.id === id) ? 'claim' : 'entity';
      const item = (kind === 'claim' ? claims : entities).find((i) => i.id === id);
      if (item) select(kind, item.at);
      return Boolean(item);
    },
    search: (query) => { state.query = query; fillControls(); refresh(); },
  });
})();
