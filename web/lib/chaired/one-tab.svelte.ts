/** One tab leads: where the Chair has the session open twice in a browser, the second only shows it until it is asked to lead. */

/** A lock of the browser's own: it is let go when its tab is closed or crashes, whatever else happens. */
export class LeadingTab {
  /** Whether this tab leads; null until it is known. */
  leads = $state<boolean | null>(null);
  readonly #name: string;
  #letGo: (() => void) | null = null;

  constructor(room: string) {
    this.#name = `candour-chair-${room}`;
  }

  /** Leads if no other tab does. Returns what lets it go. */
  enter(): () => void {
    void this.#hold({ ifAvailable: true });
    return () => this.#letGo?.();
  }

  /** "Use this tab instead": the other tab then only shows the session. */
  take(): void {
    void this.#hold({ steal: true });
  }

  async #hold(options: LockOptions): Promise<void> {
    if (!('locks' in navigator)) {
      // Without a secure connection there are no locks; a step opened from a tab that is behind is refused all the same.
      this.leads = true;
      return;
    }
    try {
      await navigator.locks.request(this.#name, options, (lock) => {
        this.leads = lock !== null;
        return lock ? new Promise<void>((resolve) => (this.#letGo = resolve)) : undefined;
      });
    } catch (error) {
      // Another tab took it.
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
      this.leads = false;
    }
  }
}
