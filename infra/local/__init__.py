"""API Gateway's WebSocket side on localhost, over the same handlers, routes and clients as on AWS.

`python -m infra.local` serves the page, holds the sockets at `/ws`, runs the handlers of `functions/routes.py`
concurrently in threads with API Gateway's own events, and answers `/@connections/{id}` so that any unchanged boto3
client reaches it. Its database is its own (dynamodb/): in memory, held against moto and MiniStack by the tests.

It does not imitate the following, from which a surprise on AWS could come:

- Processes. On AWS each invocation has an execution environment of its own; here all share one Python process, so a
  global that one handler changes is seen by another, cold starts happen once, and a handler that ran into its timeout
  keeps running in its thread (on AWS it does so too, until the Lambda's own timeout).
- Death in the middle. A thread cannot be killed: the fault `handler_death` ends an invocation before it began or
  loses its answer after it ended. Death between two calls is the simulation's matter.
- Permissions and signatures. The management API asks for an `Authorization` header but checks nothing in it; there are
  no roles, no authorizers, no API keys, no WAF, no TLS.
- Throttles. The rates of routes, stage and account, the 500 new connections a second and Lambda's concurrency are not
  counted; 429 comes from a full send buffer or from the fault `throttle_post` only, 500 from `lose_post_answer`.
- HTTP of the handlers' own posts and table requests. Their clients serialise, sign, retry and parse, and are answered
  before they would send (core/shortcut.py, dynamodb/service.py): their connections, the timeouts and failures of those
  are not tried here. Other processes' requests come over HTTP and get the same answers.
- DynamoDB's throttling, conflicts of transactions under way, indexes, streams and reserved words. The simulation has
  the first two; `DYNAMODB_URL` puts another DynamoDB in its place.
- Latency. Invocations and posts cost what the process needs; `delay_frame_seconds` adds some.
- Routes without an integration, route responses (a handler's body is dropped), binary payloads, models and
  validation, stage variables, custom domains.
- Compression. `permessage-deflate` is never agreed on: whether API Gateway does is not documented.
- The idle clock is reset by data in either direction and by no ping or pong: AWS does not document those. A dead peer
  is noticed when TCP notices it; on AWS it may take the full ten minutes.
- Close codes after `DELETE` and the reasons in `disconnectReason` beyond the recorded ones are this gateway's.
"""
