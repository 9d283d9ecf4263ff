// Tells what ims-lti signs and what it says about ours; see README.md.
//
// Standard input is {"key", "secret", "launch": {"url", "params"}, "answers"},
// with a launch of ours and, by operation, our answers to outcome messages.
'use strict';

const http = require('http');
const lti = require('ims-lti');
const HMAC = require('ims-lti/lib/hmac-sha1');

const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const now = Number(asked.launch.params.oauth_timestamp);
Date.now = () => now * 1000;

// verify says whether ims-lti, as a tool, takes a launch, and what it reads.
function verify(launch, params) {
  const url = new URL(launch.url);
  const provider = new lti.Provider(asked.key, asked.secret);
  const req = {
    method: 'POST', url: url.pathname + url.search, protocol: url.protocol.slice(0, -1), headers: {host: url.host}, body: params,
  };
  return new Promise((resolve) => provider.valid_request(req, params, (err, valid) => resolve({
    valid, error: err ? err.constructor.name : '', user: provider.userId, student: provider.student, outcomes: !!provider.outcome_service,
  })));
}

// sign makes a launch as an LMS would that is written with ims-lti's signer.
function sign(target, params) {
  const url = new URL(target);
  const all = Object.assign({
    oauth_callback: 'about:blank', oauth_consumer_key: asked.key, oauth_nonce: 'n' + Object.keys(params).length,
    oauth_signature_method: 'HMAC-SHA1', oauth_timestamp: String(now), oauth_version: '1.0',
  }, params);
  const parsed = {query: Object.fromEntries(url.searchParams)};
  all.oauth_signature = new HMAC().build_signature_raw(url.origin + url.pathname, parsed, 'POST', all, asked.secret);
  return {url: target, params: all};
}

const launch = {lti_message_type: 'basic-lti-launch-request', lti_version: 'LTI-1p0', resource_link_id: 'rl-1', user_id: 'u~1', roles: 'Learner'};

const launches = [
  sign('https://hub.example/lti/launch', launch),
  sign('https://hub.example:8443/lti/launch/uni/phys101?mode=a%20b&tag=', launch),
  sign('http://hub.example/lti/launch', Object.assign({
    lis_person_name_full: 'Zoë Ångström', custom_note: "1+1=2 & (more)* 100% ~ 'ok'!", custom_empty: '', resource_link_description: 'two\r\nlines',
  }, launch)),
];

// exchange lets ims-lti send one outcome message to a server that keeps it and
// gives our answer.
function exchange(operation, types, send) {
  let request;
  const server = http.createServer((req, res) => {
    const body = [];
    req.on('data', (chunk) => body.push(chunk));
    req.on('end', () => {
      request = {
        url: 'http://' + req.headers.host + req.url, authorization: req.headers.authorization,
        content_type: req.headers['content-type'], body: Buffer.concat(body).toString(),
      };
      res.writeHead(200, {'Content-Type': 'application/xml'});
      res.end(asked.answers[operation]);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => {
    const service = new lti.OutcomeService({
      consumer_key: asked.key, consumer_secret: asked.secret, source_did: "sig:::link:::user:::uni/phys101 <&> 'x'", result_data_types: types,
      service_url: 'http://127.0.0.1:' + server.address().port + '/service/passback?node=1&b=a%20b',
    });
    send(service, (err, result) => {
      server.closeAllConnections();
      server.close(() => resolve({operation, request, understood: err ? err.message : result}));
    });
  }));
}

(async () => {
  const ours = await verify(asked.launch, asked.launch.params);
  const forged = await verify(asked.launch, Object.assign({}, asked.launch.params, {roles: 'Instructor'}));
  const messages = [
    await exchange('replaceResult', [], (s, done) => s.send_replace_result(0.875, done)),
    await exchange('replaceResult', ['text'], (s, done) => s.send_replace_result_with_text(1, 'an <essay> & more', done)),
    await exchange('readResult', [], (s, done) => s.send_read_result(done)),
    await exchange('deleteResult', [], (s, done) => s.send_delete_result(done)),
    await exchange('failure', [], (s, done) => s.send_replace_result(0, done)),
  ];
  const said = {library: 'ims-lti ' + require('ims-lti/package.json').version, asked, ours, forged, launches, messages};
  process.stdout.write(JSON.stringify(said, null, 2) + '\n');
})();
