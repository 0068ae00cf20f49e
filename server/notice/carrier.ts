/** How a mail leaves: by SMTP, by GOV.UK Notify, or not at all in a practice service. One interface for the three. */

/** A mail on its way to one person. `id` is its own for ever: sent again, it is known as the same mail. */
export type Letter = { id: string; to: string; subject: string; body: string };

export type Carried =
  /** Handed over; `as` is what the carrier calls it, where its delivery can be asked after. */
  | { state: 'sent'; as: string | null }
  /** Kept to be looked at. */
  | { state: 'kept' }
  /** The carrier says it will never arrive, in its own words. */
  | { state: 'bounced'; problem: string }
  /** Not as this service is set up, whoever it is for: to be mended by who runs it, and meanwhile tried again. */
  | { state: 'held-up'; problem: string }
  /** Not now: to be tried again. */
  | { state: 'again'; problem: string };
export type Delivered = { state: 'sent' | 'delivered' } | { state: 'bounced'; problem: string };

export type Carrier = {
  send: (letter: Letter) => Promise<Carried>;
  /** Whether it has arrived; only where the carrier knows. */
  ask?: (as: string) => Promise<Delivered>;
  close?: () => void;
};

/** The practice service: nothing leaves the machine. */
export const practiceCarrier: Carrier = { send: async () => ({ state: 'kept' }) };
