/** `npm run dev`: the service and the screens, both reloading as files change. */
import { spawn } from 'node:child_process';
import { createServer } from 'vite';

const port = Number(process.env['PORT'] || 3000);
const servicePort = port + 1;
const origin = `http://localhost:${port}`;

const service = spawn(process.execPath, ['--watch', '--watch-path=server', '--watch-path=schema', 'server/main.ts'], {
  stdio: 'inherit',
  env: { ...process.env, PORT: String(servicePort), CANDOUR_ORIGIN: origin },
});
process.env['CANDOUR_API'] = `http://127.0.0.1:${servicePort}`;
const screens = await createServer({ configFile: 'web/vite.config.ts', server: { port, strictPort: true } });
await screens.listen();
console.log(`Candour is at ${origin}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    service.kill('SIGTERM');
    await screens.close();
    process.exit(0);
  });
}
