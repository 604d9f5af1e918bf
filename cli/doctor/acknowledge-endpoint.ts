import { bad, type Check, ok, warning } from './check';

const TIMEOUT_MS = 10_000;

export const acknowledgeEndpoint: Check = {
  name: 'acknowledge endpoint',
  async look({ stack, reach }) {
    const url = stack.output('FirebreakAcknowledgeUrl');
    if (url === '') return warning('the stack has none', "people can acknowledge by 'firebreak incident ack' only");
    const remedy =
      "links in pages do not work from here: look at the endpoint's access log; 'firebreak incident ack' works without it";
    let response: Response;
    try {
      response = await fetch(reach(`${url}/a/doctor`), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return bad(`${url} does not answer (${cause instanceof Error ? cause.message : String(cause)})`, remedy);
    }
    const type = response.headers.get('content-type') ?? 'nothing';
    // For a token that is none it shows a neutral page, with status 404.
    if (response.status < 500 && type.startsWith('text/html'))
      return ok(`${url} answers ${response.status} with a page`);
    return bad(`${url} answers ${response.status} with ${type}`, remedy);
  },
};
