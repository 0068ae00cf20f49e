/** Sends a document: a line saying what it is, then its bytes, telling how much is on its way. */
import type { DocumentSaid } from '#schema/document.ts';
import type { CommandId, RoomId } from '#schema/id.ts';
import type { Answer } from '../service.ts';

export type Uploaded = { firstSeq: number; lastSeq: number };

/**
 * `fetch` cannot tell how much it has sent, so this is the older request. `said` as its form holds it.
 * `progress` hears the share that is sent, from 0 to 1.
 */
export function uploadDocument(
  room: RoomId,
  file: File,
  said: { [Name in keyof DocumentSaid]: string },
  id: CommandId,
  progress: (share: number) => void,
): Promise<Answer<Uploaded>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const away = () => resolve({ refused: 'Unreachable', facts: {} });
    request.open('POST', `/api/rooms/${room}/documents`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onerror = away;
    request.onabort = away;
    request.onload = () => {
      try {
        resolve(JSON.parse(request.responseText) as Answer<Uploaded>);
      } catch {
        // A proxy in front answered, in no form of ours: it may take less than the service does.
        if (request.status === 413) resolve({ refused: 'DocumentTooLarge', facts: { field: 'file' } });
        else away();
      }
    };
    request.send(new Blob([`${JSON.stringify({ id, size: file.size, said })}\n`, file]));
  });
}
