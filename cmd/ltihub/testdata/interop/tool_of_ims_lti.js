// A tool written with ims-lti; see README.md. It writes its URL to standard
// output and ends when standard input does.
//
//   POST /lti     a launch; the answer is {"valid", "error", "launch", "user",
//                 "name", "outcomes", "text", "content_items"}
//   POST /score   {"launch", "do": "replace" | "text" | "read" | "delete",
//                 "score", "text"}; the answer is {"error", "understood"}
'use strict';

const http = require('http');
const lti = require('ims-lti');

const [key, secret] = process.argv.slice(2);
const launches = [];
const nonces = new lti.Stores.MemoryStore(key);

function read(req) {
  return new Promise((resolve) => {
    const parts = [];
    req.on('data', (part) => parts.push(part));
    req.on('end', () => resolve(Buffer.concat(parts).toString()));
  });
}

function write(res, answer) {
  res.writeHead(200, {'Content-Type': 'application/json'});
  res.end(JSON.stringify(answer));
}

async function launch(req, res) {
  req.body = Object.fromEntries(new URLSearchParams(await read(req)));
  req.protocol = 'http';
  const provider = new lti.Provider(key, secret, nonces);
  provider.valid_request(req, (err, valid) => {
    const id = valid ? launches.push(provider) - 1 : -1;
    const outcomes = provider.outcome_service;
    write(res, {
      valid, error: err ? err.message : '', launch: id, user: provider.userId || '', name: (provider.body || {}).lis_person_name_full || '',
      outcomes: !!outcomes, text: !!outcomes && outcomes.supports_result_data('text'),
    });
  });
}

async function score(req, res) {
  const asked = JSON.parse(await read(req));
  const outcomes = launches[asked.launch].outcome_service;
  const done = (err, understood) => write(res, {error: err ? err.message : '', understood});
  switch (asked.do) {
    case 'replace': return outcomes.send_replace_result(asked.score, done);
    case 'text': return outcomes.send_replace_result_with_text(asked.score, asked.text, done);
    case 'read': return outcomes.send_read_result(done);
    case 'delete': return outcomes.send_delete_result(done);
  }
  return write(res, {error: 'unknown: ' + asked.do});
}

const server = http.createServer((req, res) => {
  // ims-lti throws where a callback would do; that is an answer too.
  const handler = req.url.startsWith('/score') ? score : launch;
  handler(req, res).catch((err) => write(res, {valid: false, error: err.message}));
});
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port + '/lti?room=7&name=a%20b'));
process.stdin.on('end', () => process.exit(0)).resume();
