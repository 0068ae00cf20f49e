/** What a screen reader is told of others' doings: at most every 15 seconds, merged, never while typing, never stale. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Voice } from '../../web/lib/connection/voice.ts';

describe('the voice', () => {
  let said: string[];
  let voice: Voice;
  beforeEach(() => {
    vi.useFakeTimers();
    said = [];
    voice = new Voice(
      (words) => said.push(words),
      () => Date.now(),
    );
  });
  afterEach(() => {
    voice.stop();
    vi.useRealTimers();
  });

  test('[M51] two who join together are one message', () => {
    voice.tell('Health', 'joined');
    voice.tell('the Chair', 'joined');
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual(['Health and the Chair joined.']);
  });

  test('[M51] 30 seconds of others’ doings, one a second, are at most two messages and leave none unsaid', () => {
    for (let second = 0; second < 30; second += 1) {
      voice.tell(`Change ${second}`);
      vi.advanceTimersByTime(1_000);
    }
    expect(said.length).toBeLessThanOrEqual(2);
    vi.advanceTimersByTime(60_000);
    expect(said.join(' ').match(/Change \d+/g)).toHaveLength(30);
  });

  test('[M51] whoever types is told nothing until three seconds after the last key', () => {
    voice.tell('Health', 'joined');
    for (let key = 0; key < 20; key += 1) {
      voice.typed();
      vi.advanceTimersByTime(500);
    }
    expect(said).toEqual([]);
    vi.advanceTimersByTime(3_000);
    expect(said).toEqual(['Health joined.']);
  });

  test('[M51] what is older than a minute is dropped', () => {
    voice.tell('Health', 'joined');
    for (let key = 0; key < 62; key += 1) {
      voice.typed();
      vi.advanceTimersByTime(1_000);
    }
    voice.tell('Police', 'joined');
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual(['Police joined.']);
  });

  test('[M51] “Each change” says each by itself; “Off” says none', () => {
    voice.choice = 'each';
    voice.tell('Health', 'joined');
    voice.tell('Police', 'joined');
    vi.advanceTimersByTime(10_000);
    expect(said).toEqual(['Health joined.', 'Police joined.']);
    voice.choice = 'off';
    voice.tell('Education', 'joined');
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(2);
  });
});
