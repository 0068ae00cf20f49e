/** The y-websocket reference server, storing in LevelDB (in the folder in `YPERSISTENCE`, which it reads itself). */
import { createServer } from 'node:http';
import { setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';
import { listening } from './listening.ts';

const wss = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer();
server.on('upgrade', (request, stream, head) => {
  wss.handleUpgrade(request, stream, head, (ws) => setupWSConnection(ws, request));
});
listening(server);
