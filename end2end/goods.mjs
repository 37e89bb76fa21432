// Goods to do things with: recorded through the API, the door that a factory's own system uses.
//
//   const desk = await goods(server);
//   await desk.furnish();
//   await desk.makes('LOT-1', 48);
//
// A spec about forms or scanning makes the goods it needs, so that it neither depends on what the demo
// holds today nor changes it for others.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

/** The toy that a furnished desk knows, by its key and by the code on its box. */
export const toy = { key: 'TRAIN', gtin: '09506000134352', name: 'Wooden train' };

/** A desk at the server's API, with a token of an administrator or another role. */
export async function goods({ origin, lotwalk }, role = 'administrator') {
  const made = await lotwalk('token', 'create', '--role', role, '--name', 'end2end');
  assert.equal(made.code, 0, made.stderr);
  const headers = { authorization: `Bearer ${made.stdout.trim()}`, 'content-type': 'application/json' };

  /** What the API answers: `{ status, body }`. */
  const ask = async (path, more = {}) => {
    const answer = await fetch(`${origin}${path}`, { headers, ...more });
    return { status: answer.status, body: await answer.json() };
  };
  const tries = (kind, payload, { id = newId(), at = new Date(), ...more } = {}) => {
    const draft = { id, kind, event_time: at.toISOString(), payload, ...more };
    return ask('/api/v1/events', { method: 'POST', body: JSON.stringify(draft) });
  };
  /** Records an event that must be taken; its receipt. */
  const does = async (kind, payload, more) => {
    const { status, body } = await tries(kind, payload, more);
    assert.ok(status === 201 || status === 200, `${kind}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const files = (subject, record, facts = {}, names = []) => does('filing', {
    subject, record, facts: Object.entries(facts).map(([name, value]) => ({ name, value })), names,
  });

  return {
    ask, tries, does, files,
    resolve: (code) => ask(`/api/v1/resolve?code=${encodeURIComponent(code)}`),

    /** Two places, a toy and a material lot. */
    async furnish() {
      await files('place:F1', 'place', { name: 'Sunrise Toys', role: 'factory' });
      await files('place:W1', 'place', { name: 'Hamburg warehouse', role: 'warehouse' });
      await files('trade_item:' + toy.key, 'trade_item', { name: toy.name }, [
        { code: `(01)${toy.gtin}`, level: 'product' },
      ]);
      await files('material_lot:PAINT-7', 'material_lot', { material: 'Red paint', supplier: 'Secret Paints Ltd' });
    },
    makes: (lot, pieces, more = {}) => does('producing', {
      lot_code: lot, trade_item: `(01)${toy.gtin}`, factory: 'F1', quantity: pieces,
      materials: [{ material_lot: 'PAINT-7' }], ...more,
    }),
    packs: (carton, batch, pieces) => does('packing', { container: carton, batches: [{ batch, pieces }] }),
    ships: (shipment, units) => does('shipping', { shipment, units, destination: 'W1' }),
  };
}

/** A serial shipping container code, check digit and all, as it stands under the bars. */
export function sscc(serial) {
  const digits = `09506000${String(serial).padStart(9, '0')}`;
  const sum = [...digits].reduceRight((sum, digit, at) => sum + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return `(00)${digits}${(10 - (sum % 10)) % 10}`;
}

/** A UUIDv7 (RFC 9562, section 5.7). */
export function newId() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
