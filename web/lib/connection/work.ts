/** The socket of a person's own room: it says only that there is something to fetch again. */
import * as decoding from 'lib0/decoding';
import type { RoomId } from '#schema/id.ts';
import { close, kind, ours } from '#schema/protocol.ts';

/** Milliseconds between attempts: doubled after each that fails, up to the longest. */
const firstWait = 500;
const longestWait = 30_000;
/** Milliseconds before coming back where this person has too many tabs open. */
const untilOneIsClosed = 10_000;

/**
 * Calls `onRefresh` whenever "My work" may have changed, and after each time the socket was away.
 * Returns what stops it. Stops by itself when the server says that coming back is no use.
 */
export function watchWork(workRoom: RoomId, onRefresh: () => void): () => void {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWait;
  let away = false;

  const open = () => {
    socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rooms/${workRoom}?${ours}=1`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      wait = firstWait;
      if (away) onRefresh();
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (decoding.readVarUint(decoding.createDecoder(new Uint8Array(data))) === kind.refresh) onRefresh();
    };
    socket.onclose = ({ code }) => {
      const isOneTooMany = code === close.tooManyOpen;
      if (code >= 4400 && code < 4500 && !isOneTooMany) return;
      away = true;
      timer = setTimeout(open, isOneTooMany ? untilOneIsClosed : wait);
      wait = Math.min(wait * 2, longestWait);
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    if (socket) socket.onclose = null;
    socket?.close();
  };
}
