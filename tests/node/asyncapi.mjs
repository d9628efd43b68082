// Parse and validate an AsyncAPI document with the official parser; print what it finds as JSON.
import { readFileSync } from 'node:fs'
import { Parser } from '@asyncapi/parser'

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'))
console.log(JSON.stringify({
  version: document?.version(),
  channels: document?.channels().all().map((channel) => channel.id()),
  operations: document?.operations().all().map((operation) => operation.id()),
  diagnostics: diagnostics.map(({ code, message, path, severity }) => ({ code, message, path: path.join('/'), severity })),
}))
