/** The first part of a multipart/related body (RFC 2387, RFC 2046 5.1). */
export interface Part {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A header such as `multipart/related; type="..."; boundary=x` as its value and its parameters. */
export function parseContentType(header: string): { type: string; parameters: Map<string, string> } {
  const parameters = new Map<string, string>();
  for (const match of header.matchAll(/;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    parameters.set((match[1] ?? '').toLowerCase(), (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return { type: (header.split(';')[0] ?? '').trim().toLowerCase(), parameters };
}

export function firstPart(body: Uint8Array<ArrayBuffer>, contentType: string): Part {
  const { type, parameters } = parseContentType(contentType);
  const boundary = parameters.get('boundary');
  if (type !== 'multipart/related' || !boundary) {
    throw new Error(`The server answered with "${contentType || 'no content type'}" instead of multipart/related.`);
  }
  const opening = ascii(`--${boundary}`);
  const start = find(body, opening, 0);
  if (start !== 0 && !(start > 1 && body[start - 1] === 10)) {
    throw new Error('The answer of the server does not begin with its own boundary.');
  }
  const headersEnd = find(body, ascii('\r\n\r\n'), start);
  const end = find(body, ascii(`\r\n--${boundary}`), headersEnd + 2);
  if (headersEnd < 0 || end < 0) throw new Error('The answer of the server ended too early: its closing boundary is missing.');
  const headers = new TextDecoder().decode(body.subarray(start + opening.length, headersEnd));
  const partType = /^content-type:\s*(.*)$/im.exec(headers)?.[1]?.trim() ?? '';
  return { ...parseContentType(partType), body: body.slice(headersEnd + 4, Math.max(end, headersEnd + 4)) };
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function find(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [head = 0] = wanted;
  for (let at = bytes.indexOf(head, from); at >= 0; at = bytes.indexOf(head, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}
