//! Reed-Solomon codes, as all symbologies of areas use them: errors, and erasures whose place is known.

/// A finite field, and where the roots of the code over it begin.
pub(crate) struct Field {
    /// Powers of the generator, twice over, so that sums of logarithms need no remainder.
    exp: Vec<u16>,
    log: Vec<u16>,
    /// How many elements are not zero.
    order: usize,
    /// What numbers are taken modulo; `None` for polynomials over bits.
    prime: Option<u16>,
    /// The power of the generator that is the first root of the code's polynomial.
    first_root: usize,
}

impl Field {
    /// The field of `1 << bits` elements with a primitive polynomial; the code's first root is that power
    /// of the generator.
    pub(crate) fn binary(bits: u32, polynomial: u32, first_root: usize) -> Field {
        let order = (1usize << bits) - 1;
        let mut exp = vec![0; 2 * order];
        let mut log = vec![0; order + 1];
        let mut value = 1u32;
        for power in 0..order {
            exp[power] = value as u16;
            exp[power + order] = value as u16;
            log[value as usize] = power as u16;
            value <<= 1;
            if value >> bits != 0 {
                value ^= polynomial;
            }
        }
        Field { exp, log, order, prime: None, first_root }
    }

    /// The whole numbers modulo a prime, with a generator of all but zero.
    pub(crate) fn modulo(prime: u16, generator: u16, first_root: usize) -> Field {
        let order = usize::from(prime) - 1;
        let mut exp = vec![0; 2 * order];
        let mut log = vec![0; order + 1];
        let mut value = 1u32;
        for power in 0..order {
            exp[power] = value as u16;
            exp[power + order] = value as u16;
            log[value as usize] = power as u16;
            value = value * u32::from(generator) % u32::from(prime);
        }
        Field { exp, log, order, prime: Some(prime), first_root }
    }

    fn add(&self, a: u16, b: u16) -> u16 {
        self.prime.map_or(a ^ b, |prime| (a + b) % prime)
    }

    fn sub(&self, a: u16, b: u16) -> u16 {
        self.prime.map_or(a ^ b, |prime| (a + prime - b) % prime)
    }

    fn mul(&self, a: u16, b: u16) -> u16 {
        if a == 0 || b == 0 {
            return 0;
        }
        self.exp[usize::from(self.log[usize::from(a)]) + usize::from(self.log[usize::from(b)])]
    }

    /// `a / b` for a `b` that is not zero.
    fn div(&self, a: u16, b: u16) -> u16 {
        if a == 0 {
            return 0;
        }
        self.exp[usize::from(self.log[usize::from(a)]) + self.order - usize::from(self.log[usize::from(b)])]
    }

    /// The generator to a power.
    fn power(&self, power: usize) -> u16 {
        self.exp[power % self.order]
    }

    /// The value of a polynomial, lowest coefficient first.
    fn value(&self, polynomial: &[u16], at: u16) -> u16 {
        polynomial.iter().rev().fold(0, |sum, &c| self.add(self.mul(sum, at), c))
    }

    fn product(&self, a: &[u16], b: &[u16]) -> Vec<u16> {
        let mut out = vec![0; a.len() + b.len() - 1];
        for (i, &x) in a.iter().enumerate() {
            for (k, &y) in b.iter().enumerate() {
                out[i + k] = self.add(out[i + k], self.mul(x, y));
            }
        }
        out
    }

    /// Corrects a block whose last `spare` words are for correction and of which `reserve` are kept to
    /// notice what cannot be corrected; `erased` are the places of words known to be unreadable. An error
    /// costs two spare words, an erasure one. The share of what could be spent that was left, 0 to 1;
    /// `None` where there are more errors than that.
    pub(crate) fn correct(
        &self,
        words: &mut [u16],
        spare: usize,
        reserve: usize,
        erased: &[usize],
    ) -> Option<f32> {
        let capacity = spare.checked_sub(reserve)?;
        if spare == 0 || words.len() > self.order || spare > words.len() || erased.len() > capacity {
            return None;
        }
        let syndromes: Vec<u16> = (0..spare)
            .map(|i| {
                let root = self.power(self.first_root + i);
                words.iter().fold(0, |sum, &word| self.add(self.mul(sum, root), word))
            })
            .collect();
        if syndromes.iter().all(|&s| s == 0) {
            return Some(1.0);
        }
        let last = words.len() - 1;
        let power_of = |place: usize| last - place;
        let mut erasures = vec![1];
        for &place in erased {
            let x = self.power(power_of(place));
            erasures = self.product(&erasures, &[1, self.sub(0, x)]);
        }
        let locator = self.locator(&syndromes, &erasures, erased.len())?;
        let count = locator.len() - 1;
        let errors = count.checked_sub(erased.len())?;
        let spent = 2 * errors + erased.len();
        if spent > capacity {
            return None;
        }
        let evaluator: Vec<u16> = self.product(&syndromes, &locator).into_iter().take(spare).collect();
        let derivative: Vec<u16> = locator
            .iter()
            .enumerate()
            .skip(1)
            .map(|(power, &c)| (0..power).fold(0, |sum, _| self.add(sum, c)))
            .collect();
        let mut found = 0;
        for (place, word) in words.iter_mut().enumerate() {
            let power = power_of(place);
            let inverse = self.power(self.order - power % self.order);
            if self.value(&locator, inverse) != 0 {
                continue;
            }
            found += 1;
            let slope = self.value(&derivative, inverse);
            if slope == 0 {
                return None;
            }
            // Forney: -X^(1 - b) times evaluator over derivative.
            let value = self.div(self.value(&evaluator, inverse), slope);
            let shifted = match self.first_root {
                0 => self.mul(value, self.power(power)),
                _ => value,
            };
            *word = self.add(*word, shifted);
        }
        (found == count).then(|| 1.0 - spent as f32 / capacity.max(1) as f32)
    }

    /// Berlekamp and Massey, begun with the erasures that are known. Lowest coefficient first.
    fn locator(&self, syndromes: &[u16], erasures: &[u16], known: usize) -> Option<Vec<u16>> {
        let mut locator = erasures.to_vec();
        let mut before = erasures.to_vec();
        let mut length = known;
        for n in known..syndromes.len() {
            before.insert(0, 0);
            let discrepancy = locator
                .iter()
                .take(n + 1)
                .enumerate()
                .fold(0, |sum, (k, &c)| self.add(sum, self.mul(c, syndromes[n - k])));
            if discrepancy == 0 {
                continue;
            }
            let mut next = locator.clone();
            next.resize(next.len().max(before.len()), 0);
            for (a, &b) in next.iter_mut().zip(&before) {
                *a = self.sub(*a, self.mul(discrepancy, b));
            }
            if 2 * length <= n + known {
                length = n + 1 + known - length;
                before = locator.iter().map(|&c| self.div(c, discrepancy)).collect();
            }
            locator = next;
        }
        while locator.last() == Some(&0) {
            locator.pop();
        }
        (locator.len() == length + 1).then_some(locator)
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    /// Data with its remainder by the code's polynomial behind it, so that all syndromes are zero.
    fn encoded(field: &Field, data: &[u16], spare: usize) -> Vec<u16> {
        let mut generator = vec![1];
        for i in 0..spare {
            generator = field.product(&generator, &[field.sub(0, field.power(field.first_root + i)), 1]);
        }
        let mut rest = vec![0; spare];
        for &word in data {
            let top = field.add(word, rest[spare - 1]);
            for k in (0..spare).rev() {
                let below = if k > 0 { rest[k - 1] } else { 0 };
                rest[k] = field.sub(below, field.mul(top, generator[k]));
            }
        }
        data.iter().copied().chain(rest.iter().rev().map(|&c| field.sub(0, c))).collect()
    }

    #[test]
    fn errors_and_erasures_up_to_capacity_are_corrected_and_no_more() {
        for field in [
            Field::binary(4, 0x13, 1),
            Field::binary(6, 0x43, 1),
            Field::binary(8, 0x11D, 0),
            Field::binary(8, 0x12D, 1),
            Field::binary(10, 0x409, 1),
            Field::binary(12, 0x1069, 1),
            Field::modulo(929, 3, 1),
        ] {
            let field = &field;
            let (count, spare) = if field.order == 15 { (5, 8) } else { (20, 12) };
            let data: Vec<u16> = (0..count).map(|i| (i * 7 + 3) as u16 % field.order as u16).collect();
            let good = encoded(field, &data, spare);
            assert_eq!(field.correct(&mut good.clone(), spare, 0, &[]), Some(1.0), "order {}", field.order);
            for (errors, erased) in [(1, 0), (spare / 2, 0), (1, spare - 2), (0, spare), (2, 3)] {
                let mut bad = good.clone();
                let places: Vec<usize> = (0..errors + erased).map(|k| (k * 5 + 1) % bad.len()).collect();
                for &place in &places {
                    bad[place] = (bad[place] + 1 + place as u16 % 3) % field.order as u16;
                }
                let left = field.correct(&mut bad, spare, 0, &places[errors..]);
                let spent = (2 * errors + erased) as f32 / spare as f32;
                assert!(
                    left.is_some_and(|left| (left - (1.0 - spent)).abs() < 1e-5),
                    "order {} with {errors} errors, {erased} erased: {left:?}",
                    field.order
                );
                assert_eq!(bad, good);
            }
            let mut bad = good.clone();
            for word in bad.iter_mut().take(spare / 2) {
                *word = (*word + 1) % field.order as u16;
            }
            assert_eq!(field.correct(&mut bad, spare, 2, &[]), None, "beyond the reserve");
        }
    }
}
