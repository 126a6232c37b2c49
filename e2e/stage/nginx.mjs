// The real nginx in front of a server, with nothing said about upgrades: what most people begin with.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watched } from './children.mjs';
import { until } from './until.mjs';

export class Nginx {
  #child;
  #folder;

  static async before(server) {
    const nginx = new Nginx();
    nginx.#folder = await mkdtemp(path.join(tmpdir(), 'parlance-nginx-'));
    const port = await freePort();
    nginx.origin = `http://127.0.0.1:${port}`;
    const file = path.join(nginx.#folder, 'conf');
    await writeFile(file, configuration(nginx.#folder, port, server.port));
    // Debian has it where only the administrator's shell looks.
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
    nginx.#child = watched(spawn('nginx', ['-c', file, '-p', nginx.#folder], { env, stdio: 'ignore' }));
    await once(nginx.#child, 'spawn');
    await until('nginx listens', () => accepts(port));
    return nginx;
  }

  async close() {
    this.#child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const configuration = (folder, port, upstream) => `
daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/log;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
    }
  }
}
`;

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
