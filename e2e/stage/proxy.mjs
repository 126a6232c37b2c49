// The real nginx or HAProxy in front of a server, set up wrongly in the ways that people meet.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watched } from './children.mjs';
import { until } from './until.mjs';

export class Proxy {
  #child;
  #folder;

  /** Nothing is said about upgrades: what most people begin with. */
  static nginx(server) {
    return Proxy.#before(server, NGINX, '');
  }

  /** Besides, what is streamed is kept until it is whole. */
  static nginxThatHoldsBack(server) {
    return Proxy.#before(server, NGINX, HOLD_BACK);
  }

  /** Upgrades are not passed on, and what is streamed is kept until it is whole. */
  static haproxyThatHoldsBack(server) {
    return Proxy.#before(server, HAPROXY, '');
  }

  static async #before(server, { program, configuration }, lines) {
    const proxy = new Proxy();
    const folder = await mkdtemp(path.join(tmpdir(), `parlance-${program}-`));
    proxy.#folder = folder;
    const port = await freePort();
    proxy.origin = `http://127.0.0.1:${port}`;
    const file = path.join(folder, 'conf');
    await writeFile(file, configuration(folder, port, server.port, lines));
    // Debian has them where only the administrator's shell looks.
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/usr/local/sbin` };
    const how = program === 'nginx' ? ['-c', file, '-p', folder] : ['-db', '-f', file];
    proxy.#child = watched(spawn(program, how, { env, stdio: 'ignore' }));
    await once(proxy.#child, 'spawn');
    await until(`${program} listens`, () => accepts(port));
    return proxy;
  }

  async close() {
    this.#child.kill('SIGKILL');
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Buffers alone let small pieces through; before compression they do not. */
const HOLD_BACK = `
      proxy_buffering on;
      proxy_ignore_headers X-Accel-Buffering;
      gzip on;
      gzip_proxied any;
      gzip_types text/event-stream;
`;

const NGINX = {
  program: 'nginx',
  configuration: (folder, port, upstream, lines) => `
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
${lines}
    }
  }
}
`,
};

const HAPROXY = {
  program: 'haproxy',
  configuration: (folder, port, upstream) => `
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
frontend people
  bind 127.0.0.1:${port}
  http-request del-header Upgrade
  default_backend parlance
backend parlance
  http-response wait-for-body time 50s if { res.hdr(content-type) -m beg text/event-stream }
  server one 127.0.0.1:${upstream}
`,
};

/** One from below those that the system gives to whoever asks for any: such a one could be somebody else's before the proxy has it. */
async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    const listener = createServer().listen(port, '127.0.0.1');
    const taken = await once(listener, 'listening').then(() => false, () => true);
    if (taken) continue;
    listener.close();
    await once(listener, 'close');
    return port;
  }
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
