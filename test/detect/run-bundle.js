// Calls the bundle beside it with the event on standard input, and prints what its queues were sent.
const { createServer } = require('node:http');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

const calls = [];
const md5 = (text) => createHash('md5').update(text).digest('hex');
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { QueueUrl, Entries } = JSON.parse(body);
    calls.push({ QueueUrl, alerts: Entries.map(({ MessageBody }) => JSON.parse(MessageBody)) });
    const Successful = Entries.map(({ Id, MessageBody }) => ({
      Id,
      MessageId: Id,
      MD5OfMessageBody: md5(MessageBody),
    }));
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify({ Successful, Failed: [] }));
  });
});
server.listen(0, '127.0.0.1', async () => {
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    ALERT_QUEUE_URL: `${endpoint}/1/alerts`,
    REJECTED_QUEUE_URL: `${endpoint}/1/rejected`,
  });
  console.info = () => undefined;
  await require('./index.js').handler(JSON.parse(readFileSync(0, 'utf8')));
  process.stdout.write(JSON.stringify(calls));
  server.close();
  server.closeAllConnections();
});
