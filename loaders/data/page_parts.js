'use strict';
// What the page writes beside the drawing: status, matches, panel and tables. `p` is what page.js shares.
function pageParts(p) {
  const { $, el, bdi, button, word, number, amountText, nameOf, title, relationText, swatch, data, state } = p;
  const { entities, claims, documents, texts } = data;
  const w = (key) => word('word', key);
  const percent = (c) => (typeof c.confidence === 'number' ? `${Math.round(c.confidence * 100)}%` : '—');
  const entityButton = (at, attributes = {}) => button(() => p.select('entity', at, true), attributes, bdi(nameOf(entities[at])));

  function fillStatus() {
    const { drawn, edges, hidden, kept } = p.view;
    const filtered = claims.length - kept.length;
    const parts = [`${w('drawn')}: ${w('entities')} ${number(drawn.length)} ${w('of')} ${number(entities.length)} · ${w('claims')} ${number(edges.length)} ${w('of')} ${number(claims.length)}.`];
    const reasons = [['hiddenFilter', hidden.filter], ['hiddenClaims', filtered], ['hiddenMoney', hidden.money], ['hiddenLoose', hidden.loose], ['hiddenLimit', hidden.limit], ['hiddenDocuments', documents.length]]
      .filter(([, many]) => many).map(([key, many]) => `${number(many)} ${w(key)}`);
    if (reasons.length) parts.push(` ${w('hidden')}: ${reasons.join(w('semicolon'))}. ${w(hidden.filter || filtered ? 'restListed' : 'everythingListed')}`);
    if (edges.length > p.LABELLED) parts.push(` ${w('quiet')}`);
    const all = hidden.limit ? button(() => { state.limit = Infinity; p.refresh(); }, { id: 'draw-all' }, w('drawAll')) : null;
    $('status').replaceChildren(...parts, ...(all ? [' ', all] : []));
  }

  function fillFound() {
    const { query, named } = p.view;
    const box = $('found');
    box.hidden = !query;
    if (!query) { box.replaceChildren(); return; }
    const some = [...named].sort((a, b) => entities[b].mentions - entities[a].mentions || a - b);
    box.replaceChildren(el('span', {}, some.length ? `${w('found')}: ` : w('nothing')), ...some.slice(0, p.FOUND).map((at) => entityButton(at)),
      ...(some.length > p.FOUND ? [el('span', {}, `+ ${number(some.length - p.FOUND)} ${w('more')}`)] : []));
  }

  // The sentence with its two mentions; where they overlap the shared run belongs to both.
  function sentence(c) {
    const text = texts[c.text];
    const cuts = [...new Set([0, text.length, ...(c.subject || []), ...(c.object || [])])].sort((a, b) => a - b);
    const inside = (span, start) => Boolean(span) && span[0] <= start && start < span[1];
    const quote = el('blockquote', { dir: 'auto', class: c.negated ? 'negated' : undefined });
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const run = text.slice(cuts[i], cuts[i + 1]);
      const kind = inside(c.subject, cuts[i]) ? (inside(c.object, cuts[i]) ? 'both' : 'subject') : inside(c.object, cuts[i]) ? 'object' : null;
      quote.append(kind ? el('mark', { class: kind }, run) : run);
    }
    return quote;
  }

  function pairs(list) {
    const out = el('dl');
    for (const [term, value] of list) if (value !== undefined && value !== null && value !== '') out.append(el('dt', {}, term), el('dd', {}, value));
    return out;
  }
  function link(url, text) {
    // Anything but http and https stays text.
    return /^https?:\/\//i.test(url) ? el('a', { href: url, rel: 'noopener noreferrer', target: '_blank' }, bdi(text)) : bdi(text);
  }
  const shown = (value) => (value === true ? w('yes') : typeof value === 'number' ? bdi(number(value)) : Array.isArray(value) ? bdi(value.join(w('comma'))) : bdi(value));
  const claimButton = (c) => button(() => p.select('claim', c.at, true), { 'data-claim': c.id },
    c.negated ? el('span', { class: 'badge' }, w('negated')) : null, c.negated ? ' ' : null,
    bdi(nameOf(entities[c.s])), ` ${arrow(c)} ${relationText(c)} ${arrow(c)} `, bdi(nameOf(entities[c.o])));
  const arrow = (c) => (data.symmetric.includes(c.type) ? '↔' : document.documentElement.dir === 'rtl' ? '←' : '→');

  function original(d) {
    if (!d.duplicateOf) return undefined;
    const at = documents.findIndex((one) => one.id === d.duplicateOf);
    return bdi(at < 0 ? d.duplicateOf : title(at));
  }

  function claimPanel(c) {
    const { amount, currency, ...rest } = c.q;
    const d = c.document === undefined ? {} : documents[c.document];
    const said = c.by !== undefined ? entityButton(c.by) : c.byName ? bdi(c.byName) : undefined;
    return [
      el('h2', {}, entityButton(c.s, { class: 'key subject' }), ` ${relationText(c)} `, entityButton(c.o, { class: 'key object' })),
      c.negated ? el('p', {}, el('span', { class: 'badge' }, w('negatedNote'))) : null,
      texts[c.text] === undefined ? null : sentence(c),
      texts[c.text] !== undefined && !(c.subject && c.object) ? el('p', { class: 'note' }, w('unmarked')) : null,
      pairs([
        [w('sure'), percent(c)], [w('attributed'), said],
        [word('field', 'amount'), amount === undefined ? undefined : bdi(amountText(amount, currency))],
        [word('field', 'currency'), amount === undefined && currency !== undefined ? bdi(currency) : undefined],
        ...Object.entries(rest).filter(([, v]) => v !== false).map(([key, value]) => [word('field', key), shown(value)]),
        [w('document'), c.document === undefined ? undefined : bdi(title(c.document))],
        [w('source'), d.source && bdi(d.source)], [w('published'), d.published && bdi(d.published)],
        [w('url'), d.url && link(d.url, d.url)], [w('duplicateOf'), original(d)],
      ]),
    ];
  }

  function entityPanel(e) {
    const same = (name) => (name && name !== e.name ? bdi(name) : undefined);
    return [
      el('h2', {}, bdi(nameOf(e))),
      el('p', {}, swatch(e.label), ' ', word('label', e.label)),
      pairs([
        [word('field', 'amountText'), e.amountText && bdi(e.amountText)], [word('field', 'candidates'), e.candidates && bdi(e.candidates.join(w('comma')))],
        [word('field', 'nameAr'), same(e.nameAr)], [word('field', 'nameEn'), same(e.nameEn)],
        [word('field', 'aliases'), e.aliases && el('span', {}, ...e.aliases.flatMap((name, i) => (i ? [w('comma'), bdi(name)] : [bdi(name)])))],
        [word('field', 'mentionCount'), number(e.mentions)], [word('field', 'documentCount'), number(e.documents)],
        [word('field', 'wikidata'), e.wikidata && (/^Q\d+$/.test(e.wikidata) ? link(`https://www.wikidata.org/wiki/${e.wikidata}`, e.wikidata) : bdi(e.wikidata))],
        [word('field', 'formerIds'), e.formerIds && bdi(e.formerIds.join(w('comma')))], [word('field', 'id'), bdi(e.id)],
      ]),
      el('h3', {}, `${w('claims')} (${number(e.claims.length)})`), el('ul', {}, ...e.claims.map((c) => el('li', {}, claimButton(c)))),
      el('h3', {}, `${w('documents')} (${number(e.in.length)})`),
      el('ul', {}, ...e.in.map(([d, many]) => el('li', {}, documents[d].url ? link(documents[d].url, title(d)) : bdi(title(d)), el('span', { class: 'count' }, many > 1 ? ` ×${number(many)}` : ''),
        ...[documents[d].source, documents[d].published].filter(Boolean).flatMap((text) => [el('span', { class: 'count' }, ' · ', bdi(text))]),
        documents[d].duplicateOf ? el('span', { class: 'count' }, ' · ', w('copy')) : ''))),
    ];
  }

  function fillPanel() {
    const chosen = state.selected;
    if (!chosen) { $('panel').replaceChildren(el('p', { class: 'note' }, w('pick'))); return; }
    const item = (chosen.kind === 'entity' ? entities : claims)[chosen.at];
    const drawn = chosen.kind === 'entity' ? p.view.isDrawn.has(item.at) : p.view.edges.includes(item);
    const ends = chosen.kind === 'entity' ? [item.at] : [item.s, item.o];
    const pin = button(() => { for (const at of ends) state.pinned.add(at); p.refresh(state.page); }, { id: 'pin' }, w('drawIt'));
    const parts = chosen.kind === 'entity' ? entityPanel(item) : claimPanel(item);
    $('panel').replaceChildren(...[...parts, drawn ? null : el('p', { class: 'note' }, w('notDrawn'), ' ', ends.every((at) => state.pinned.has(at)) ? null : pin)].filter(Boolean));
  }

  function row(cells, current) {
    return el('tr', { 'aria-current': current ? 'true' : undefined }, ...cells.map(([head, content, kind]) => el('td', { 'data-head': head, class: kind }, ...[content].flat())));
  }
  const LISTS = {
    claims: () => [['subject', 'relation', 'object', 'sure', 'document', 'show'], p.view.kept, (c) => row([
      [w('subject'), entityButton(c.s)],
      [w('relation'), [relationText(c), ...(c.negated ? [' ', el('span', { class: 'badge' }, w('negated'))] : [])]],
      [w('object'), entityButton(c.o)], [w('sure'), percent(c), 'number'], [w('document'), c.document === undefined ? '—' : bdi(title(c.document))],
      [undefined, button(() => p.select('claim', c.at, true), { 'data-claim': c.id, 'aria-label': `${w('show')}: ${c.negated ? `${w('negated')}: ` : ''}${nameOf(entities[c.s])} ${relationText(c)} ${nameOf(entities[c.o])}` }, w('show'))],
    ], state.selected?.kind === 'claim' && state.selected.at === c.at)],
    entities: () => [['name', 'label', 'claims', 'mentions', 'documents'], p.view.matching, (e) => row([
      [w('name'), entityButton(e.at)], [w('label'), [swatch(e.label), ' ', word('label', e.label)]], [w('claims'), number(e.claims.length), 'number'],
      [word('field', 'mentionCount'), number(e.mentions), 'number'], [w('documents'), number(e.documents), 'number'],
    ], state.selected?.kind === 'entity' && state.selected.at === e.at)],
  };

  function fillList() {
    const [heads, items, line] = LISTS[state.list]();
    for (const list of Object.keys(LISTS)) $(`list-${list}`).setAttribute('aria-pressed', String(list === state.list));
    const last = Math.max(0, Math.ceil(items.length / p.PAGE) - 1), page = Math.min(state.page, last), from = page * p.PAGE;
    const turn = (to, key, off) => button(() => { state.page = to; fillList(); $(`page-${key}`)?.focus(); }, { disabled: off, id: `page-${key}` }, w(key));
    $('pages').replaceChildren(el('span', {}, items.length ? `${w('rows')} ${number(from + 1)}–${number(Math.min(from + p.PAGE, items.length))} ${w('of')} ${number(items.length)}` : w('nothing')),
      ...(last ? [turn(page - 1, 'previous', page === 0), turn(page + 1, 'next', page === last)] : []));
    $('table').replaceChildren(el('table', { 'aria-label': w(state.list) },
      el('thead', {}, el('tr', {}, ...heads.map((key) => el('th', { scope: 'col' }, key === 'mentions' ? word('field', 'mentionCount') : key === 'show' ? el('span', { class: 'unseen' }, w('show')) : w(key))))),
      el('tbody', {}, ...items.slice(from, from + p.PAGE).map(line))));
  }
  return { fillPanel, fillList, fillFound, fillStatus };
}
