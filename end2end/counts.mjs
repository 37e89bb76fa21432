// A reporter for node's test runner: one line of counts, for `cargo xtask test` to close with.

export default async function* counts(events) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const { type, data } of events) {
    if (data?.details?.type === 'suite') continue;
    if (data?.skip !== undefined || data?.todo !== undefined) skipped += type === 'test:pass' ? 1 : 0;
    else if (type === 'test:pass') passed += 1;
    if (type === 'test:fail') failed += 1;
  }
  yield `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`;
}
