/** Chance from a seed: a run that failed is run again by its number. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('Nothing to choose from');
    return value;
  }

  weighed<T>(values: readonly (readonly [weight: number, value: T])[]): readonly [weight: number, value: T] {
    const sum = values.reduce((total, [weight]) => total + weight, 0);
    let left = this.next() * sum;
    for (const value of values) {
      left -= value[0];
      if (left < 0) return value;
    }
    throw new RangeError('Nothing to choose from');
  }

  words(most = 6): string {
    const count = 1 + this.below(most);
    return Array.from({ length: count }, () => this.of(vocabulary)).join(' ');
  }
}

const vocabulary = [
  'seen',
  'at',
  'home',
  'by',
  'two',
  'officers',
  'the',
  'child',
  'was',
  'well',
  'Source:',
  'hospital',
  'record',
  '7:40am',
  'naïve',
  '“quoted”',
  '世界',
  '🙂',
  '—',
  'O’Neill',
  '£20',
  '3½',
  'mother',
  'aunt',
  'Tuesday',
  '2026',
];
