// From what decoders found to tables.

const family = (name) => (name === 'UPCA' ? 'EAN13' : name);
/** A UPC-A is an EAN-13 with a zero in front. */
const long = (symbology, hex) => (symbology === 'UPCA' && hex.length === 24 ? `30${hex}` : hex);
/** What bytes say in the encodings that people use without saying so; manifests hold UTF-8. */
const readings = (hex) => ['utf-8', 'shift_jis', 'windows-1252'].map((encoding) => {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(Buffer.from(hex, 'hex'));
    return Buffer.from(text, 'utf8').toString('hex');
  } catch {
    return undefined;
  }
});

function same(found, code) {
  if (family(found.symbology) !== family(code.symbology)) return false;
  const [a, b] = [long(found.symbology, found.hex), long(code.symbology, code.hex)];
  return a === b || readings(found.hex).includes(code.hex) || code.hex === `1d${found.hex}`;
}

/** True where the policy of labels believes a reading: ITF only as a GTIN-14 whose check digit fits. */
function believed({ symbology, hex }) {
  if (symbology !== 'ITF') return true;
  const digits = Array.from(Buffer.from(hex, 'hex').toString('latin1'), Number);
  const sum = digits.reduceRight((sum, digit, i) => sum + digit * ((digits.length - 1 - i) % 2 === 0 ? 1 : 3), 0);
  return digits.length === 14 && sum % 10 === 0;
}

/** Which targets were read, and what was read that is not there: once, however often it was told. */
function judge(pictures, results) {
  return pictures.map((picture, i) => {
    const { codes, ms, panicked = false } = results[i];
    const found = [...new Map(codes.map((code) => [`${code.symbology} ${code.hex}`, code])).values()];
    const read = picture.codes.map((code) => code.role === 'target' && found.some((f) => same(f, code)));
    const there = (f) => picture.codes.some((code) => !code.role.startsWith('bad') && same(f, code));
    return { read, wrong: found.filter((f) => !there(f)), ms, panicked };
  });
}

const at = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? 0;
const percent = (part, whole) => `${((100 * part) / Math.max(whole, 1)).toFixed(0)} %`;
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const heading = (cells) => {
  row(cells);
  row(cells.map((_, i) => (i === 0 ? '---' : '---:')));
};

/**
 * Prints what decoders read and how long they took, by symbology, and their times by those of the decoder
 * `than`. Decoders as `run` of measure.mjs gives them.
 */
export function print(title, pictures, decoders, than) {
  const judged = decoders.map(({ name, only, results }) => ({ name, only, all: judge(pictures, results) }));
  const kinds = [...new Set(pictures.flatMap((p) => p.codes.filter((c) => c.role === 'target').map((c) => c.symbology)))].sort();
  const groups = [
    ...kinds.map((kind) => [kind, (code) => code.role === 'target' && code.symbology === kind]),
    ['no code', (code) => code.role === 'none'],
    ['**all**', () => true],
  ].map(([name, chosen]) => ({
    name,
    pictures: pictures.flatMap((picture, i) => (picture.codes.some(chosen) ? [i] : [])),
    targets: pictures.flatMap((picture, i) =>
      picture.codes.flatMap((code, k) => (code.role === 'target' && chosen(code) ? [[i, k]] : []))),
  })).filter((group) => group.pictures.length > 0);
  // Who reads only some symbologies is judged by no other; its time is told for what has no code, too.
  const asked = ({ only }, { name }) => only.length === 0 || only.includes(name);

  console.log(`\n${title}: ${pictures.length} pictures\n`);
  heading(['read', 'targets', ...judged.map(({ name }) => name)]);
  for (const group of groups.filter(({ targets }) => targets.length > 0)) {
    const read = ({ all }) => group.targets.filter(([i, k]) => all[i].read[k]).length;
    row([group.name, group.targets.length, ...judged.map((one) => (asked(one, group) ? percent(read(one), group.targets.length) : ''))]);
  }
  console.log('');
  heading(['median / p95 ms', 'pictures', ...judged.map(({ name }) => name), ...judged.filter(({ name }) => name !== than).map(({ name }) => `${name} over ${than}`)]);
  for (const group of groups) {
    const times = ({ all }) => [0.5, 0.95].map((share) => at(group.pictures.map((i) => all[i].ms), share));
    const base = times(judged.find(({ name }) => name === than));
    const told = (one) => asked(one, group) || !kinds.includes(group.name);
    row([
      group.name,
      group.pictures.length,
      ...judged.map((one) => (told(one) ? times(one).map((ms) => ms.toFixed(1)).join(' / ') : '')),
      ...judged.filter(({ name }) => name !== than)
        .map((one) => (told(one) ? times(one).map((ms, i) => `${(ms / base[i]).toFixed(2)} x`).join(' / ') : '')),
    ]);
  }
  console.log('');
  const several = pictures.flatMap((p, i) => (p.codes.filter((c) => c.role === 'target').length > 1 ? [i] : []));
  const codes = several.reduce((sum, i) => sum + pictures[i].codes.filter((c) => c.role === 'target').length, 0);
  for (const { name, all } of judged) {
    const wrong = all.flatMap((one, i) => one.wrong.map((code) => ({ ...code, path: pictures[i].path })));
    const whole = several.reduce((sum, i) => sum + all[i].read.filter(Boolean).length, 0);
    const panics = all.filter(({ panicked }) => panicked).length;
    console.log(`${name}: ${wrong.length} false reads, ${wrong.filter(believed).length} after the policy; `
      + `${whole} of the ${codes} codes in pictures with several${panics > 0 ? `; panicked on ${panics} pictures` : ''}`);
    for (const code of wrong) console.log(`  ${code.path}: ${code.symbology} ${code.hex}`);
  }
}
