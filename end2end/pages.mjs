// Every kind of page there is, found as a person finds it: by following links.

/** One line a kind: what it is called in pictures, and its address. */
export const kinds = {
  scan: /^\/$/,
  'scan-lab': /^\/scan\/lab$/,
  batch: /^\/batch\/[^/]+$/,
  'logistic-unit': /^\/logistic-unit\/[^/]+$/,
  shipment: /^\/shipment\/[^/]+$/,
  'material-lot': /^\/material-lot\/[^/]+$/,
  'trade-item': /^\/trade-item\/[^/]+$/,
  place: /^\/place\/[^/]+$/,
  find: /^\/find$/,
  ledger: /^\/ledger$/,
  entry: /^\/ledger\/\d+$/,
  relabeling: /^\/event\/relabeling$/,
  splitting: /^\/event\/splitting$/,
  reworking: /^\/event\/reworking$/,
  inspecting: /^\/event\/inspecting$/,
  returning: /^\/event\/returning$/,
  correcting: /^\/event\/correcting$/,
  records: /^\/records$/,
  bridges: /^\/bridges$/,
  retention: /^\/retention$/,
  gate: /^\/shipment\/[^/]+\/gate$/,
  'trace-plan': /^\/trace-plan\/[^/]+$/,
  brief: /^\/trace-plan\/[^/]+\/brief$/,
  'retained-sample': /^\/retained-sample\/[^/]+$/,
  'order-line': /^\/order-line\/[^/]+$/,
  revision: /^\/revision\/[^/]+\/[^/]+$/,
  'record-form': /^\/record\/[^/]+$/,
  planning: /^\/event\/planning$/,
  sampling: /^\/event\/sampling$/,
  releasing: /^\/event\/releasing$/,
  codes: /^\/codes$/,
  import: /^\/import$/,
  account: /^\/account$/,
  public: /^\/(01|00|p)\/.+$/,
};

const kindOf = (path) => Object.keys(kinds).find((kind) => kinds[kind].test(path.split('?')[0]));

/** The first address of each kind, breadth first from where every visit begins; `page` is signed in. */
export async function walk(page, origin) {
  const found = new Map();
  const open = ['/', '/codes', '/find', '/records', '/bridges', '/retention', '/ledger', '/account'];
  const seen = new Set(open);
  while (open.length > 0 && found.size < Object.keys(kinds).length) {
    const path = open.shift();
    const kind = kindOf(path);
    // A story in itself is not looked at twice: only what it leads to counts.
    const answer = await page.goto(`${origin}${path}`);
    if (answer.status() !== 200) continue;
    if (kind && !found.has(kind)) found.set(kind, path);
    const links = await page.$$eval('a[href^="/"]', (all) => all.map((a) => a.getAttribute('href').split('#')[0]));
    for (const link of links) {
      if (seen.has(link) || !isNew(link, open, found)) continue;
      seen.add(link);
      open.push(link);
    }
  }
  return found;
}

/** Three of a kind are enough to find what they lead to. */
function isNew(link, open, found) {
  const kind = kindOf(link);
  if (!kind) return false;
  return !found.has(kind) || open.filter((path) => kindOf(path) === kind).length < 3;
}
