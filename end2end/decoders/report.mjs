// From what two decoders found to a table.

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
export function believed({ symbology, hex }) {
  if (symbology !== 'ITF') return true;
  const digits = Array.from(Buffer.from(hex, 'hex').toString('latin1'), Number);
  const sum = digits.reduceRight((sum, digit, i) => sum + digit * ((digits.length - 1 - i) % 2 === 0 ? 1 : 3), 0);
  return digits.length === 14 && sum % 10 === 0;
}

/** Which targets were read, and what was read that is not there. */
export function judge(pictures, results) {
  return pictures.map((picture, i) => {
    const found = results[i].codes;
    const read = picture.codes.map((code) => code.role === 'target' && found.some((f) => same(f, code)));
    const there = (f) => picture.codes.some((code) => !code.role.startsWith('bad') && same(f, code));
    return { read, wrong: found.filter((f) => !there(f)), ms: results[i].ms };
  });
}

const at = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? 0;
const percent = (part, whole) => `${((100 * part) / Math.max(whole, 1)).toFixed(0)} %`;

/** Prints the table of two decoders by symbology. */
export function print(title, pictures, [ours, theirs]) {
  const kinds = [...new Set(pictures.flatMap((p) => p.codes.map((c) => (c.role === 'target' ? c.symbology : 'no code'))))].sort();
  const line = (name, chosen) => {
    let [targets, readOurs, readTheirs] = [0, 0, 0];
    const [msOurs, msTheirs] = [[], []];
    pictures.forEach((picture, i) => {
      let any = false;
      picture.codes.forEach((code, k) => {
        if (!chosen(code)) return;
        any = true;
        if (code.role !== 'target') return;
        targets += 1;
        readOurs += ours[i].read[k];
        readTheirs += theirs[i].read[k];
      });
      if (any) { msOurs.push(ours[i].ms); msTheirs.push(theirs[i].ms); }
    });
    if (msOurs.length === 0) return;
    const ratio = (share) => `${at(msOurs, share).toFixed(1)} / ${at(msTheirs, share).toFixed(1)} = ${(at(msOurs, share) / at(msTheirs, share)).toFixed(2)} x`;
    console.log(`| ${name} | ${targets} | ${percent(readOurs, targets)} | ${percent(readTheirs, targets)} | ${ratio(0.5)} | ${ratio(0.95)} |`);
  };
  const wrong = (all) => all.reduce((sum, one) => sum + one.wrong.length, 0);
  const wrongAfter = (all) => all.reduce((sum, one) => sum + one.wrong.filter(believed).length, 0);
  console.log(`\n${title}: ${pictures.length} pictures\n`);
  console.log('| symbology | targets | ours | zxing-wasm | median ms | p95 ms |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const kind of kinds) {
    if (kind !== 'no code') line(kind, (code) => code.role === 'target' && code.symbology === kind);
  }
  line('no code', (code) => code.role === 'none');
  line('**all**', () => true);
  const several = pictures.map((p, i) => [p, i]).filter(([p]) => p.codes.filter((c) => c.role === 'target').length > 1);
  const whole = (all) => several.reduce((sum, [, i]) => sum + all[i].read.filter(Boolean).length, 0);
  console.log(`\nfalse reads: ours ${wrong(ours)}, zxing-wasm ${wrong(theirs)}; after the policy ${wrongAfter(ours)} and ${wrongAfter(theirs)}`);
  for (const [i, one] of ours.entries()) for (const w of one.wrong) console.log(`  ${pictures[i].path}: ${w.symbology} ${w.hex}`);
  if (several.length > 0) {
    const codes = several.reduce((sum, [p]) => sum + p.codes.filter((c) => c.role === 'target').length, 0);
    console.log(`codes of pictures with several: ${codes}; ours ${whole(ours)}, zxing-wasm ${whole(theirs)}`);
  }
}
