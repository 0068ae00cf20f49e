/** So much at once, and so much again with time: what one connection, person or address may ask of the service. */

export type Rate = {
  /** What may be used at once. */
  most: number;
  /** What comes back in a second, up to that. */
  perSecond: number;
};

export class Allowance {
  readonly #rate: Rate;
  #left: number;
  #at: number;

  constructor(rate: Rate, now = performance.now()) {
    this.#rate = rate;
    this.#left = rate.most;
    this.#at = now;
  }

  /** Uses `cost`, whether or not so much is left. Returns milliseconds until nothing is owed: 0 where nothing is. */
  use(cost: number, now = performance.now()): number {
    this.#left = this.#earned(now) - cost;
    this.#at = now;
    return this.#left >= 0 ? 0 : (-this.#left / this.#rate.perSecond) * 1000;
  }

  /** Uses `cost` where so much is left. Returns 0, or the milliseconds until it is. */
  take(cost: number, now = performance.now()): number {
    return this.wait(cost, now) || this.use(cost, now);
  }

  /** Milliseconds until so much is left, of which nothing is used: 0 where it is. */
  wait(cost: number, now = performance.now()): number {
    return (Math.max(cost - this.#earned(now), 0) / this.#rate.perSecond) * 1000;
  }

  /** Whether it is as if it had never been used. */
  isWhole(now = performance.now()): boolean {
    return this.#earned(now) >= this.#rate.most;
  }

  #earned(now: number): number {
    return Math.min(this.#rate.most, this.#left + ((now - this.#at) / 1000) * this.#rate.perSecond);
  }
}

/** Keys before those are forgotten that have used nothing of late. */
const kept = 1_000;

/** An allowance for each person or address. */
export class Allowances {
  readonly #rate: Rate;
  readonly #of = new Map<string, Allowance>();
  #forgetAbove = kept;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Uses `cost` of the key's where so much is left. Returns 0, or the milliseconds until it is. */
  take(key: string, cost = 1, now = performance.now()): number {
    let allowance = this.#of.get(key);
    if (!allowance) {
      this.#forget(now);
      allowance = new Allowance(this.#rate, now);
      this.#of.set(key, allowance);
    }
    return allowance.take(cost, now);
  }

  /** Milliseconds until so much of the key's is left, of which nothing is used: 0 where it is. */
  wait(key: string, cost = 1, now = performance.now()): number {
    return this.#of.get(key)?.wait(cost, now) ?? 0;
  }

  #forget(now: number): void {
    if (this.#of.size < this.#forgetAbove) return;
    for (const [key, allowance] of this.#of) if (allowance.isWhole(now)) this.#of.delete(key);
    this.#forgetAbove = Math.max(kept, this.#of.size * 2);
  }
}

/** Allowances of connections: what one has used up stays used when whoever ended it opens another. */
export class Returning {
  readonly #rate: Rate;
  /** Those of connections that have ended, until they are whole again. */
  readonly #of = new Map<string, Allowance[]>();
  #forgetAbove = kept;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  begin(key: string, now = performance.now()): Allowance {
    const [next, ...others] = this.#used(key, now);
    this.#keep(key, others);
    return next ?? new Allowance(this.#rate, now);
  }

  end(key: string, allowance: Allowance, now = performance.now()): void {
    this.#keep(key, [...this.#used(key, now), ...(allowance.isWhole(now) ? [] : [allowance])]);
    if (this.#of.size < this.#forgetAbove) return;
    for (const each of this.#of.keys()) this.#keep(each, this.#used(each, now));
    this.#forgetAbove = Math.max(kept, this.#of.size * 2);
  }

  #used(key: string, now: number): Allowance[] {
    return this.#of.get(key)?.filter((allowance) => !allowance.isWhole(now)) ?? [];
  }

  #keep(key: string, allowances: Allowance[]): void {
    if (allowances.length > 0) this.#of.set(key, allowances);
    else this.#of.delete(key);
  }
}
