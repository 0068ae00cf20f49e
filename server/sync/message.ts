/** A protocol message, read as far as it goes: by hand, because most messages are one key and most of what a message costs is reading it. */

/** Reads from the front. Where its bytes end too soon it gives -1 or null, and throws nothing. */
export class MessageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next varUint, or -1. */
  uint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined || scale > 2 ** 49) return -1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  /** A text of just this many characters, or null. */
  text(length: number): string | null {
    if (this.uint() !== length || this.#at + length > this.#bytes.length) return null;
    this.#at += length;
    return this.#bytes.toString('latin1', this.#at - length, this.#at);
  }

  /** The bytes that follow their own length and end the message, or null. */
  last(): Uint8Array | null {
    const length = this.uint();
    return length === this.#bytes.length - this.#at ? this.#bytes.subarray(this.#at) : null;
  }
}
