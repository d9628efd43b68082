// Verify signed webhooks with the official library: node verify.mjs SECRET < letters; prints booleans.
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.argv[2])
const letters = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(letters.map(({ body, headers }) => {
  try {
    webhook.verify(body, headers)
    return true
  } catch {
    return false
  }
})))
