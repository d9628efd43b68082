// Read alerts with kafkajs and the contract alone: node alerts.mjs BROKERS CONTRACT_DIR TOPIC COUNT
// Prints one JSON line for each alert and ends after COUNT of them.
import { readFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import * as fzstd from 'fzstd'
import kafkajs from 'kafkajs'

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs
const [brokers, contract, topic, count] = process.argv.slice(2)
const read = (name) => JSON.parse(readFileSync(`${contract}/${name}`, 'utf8'))

// The contract says that batches are compressed with zstd; kafkajs leaves the codec to its user.
CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: () => { throw new Error('only reads') },
  decompress: async (buffer) => Buffer.from(fzstd.decompress(buffer)),
})

const ajv = addFormats(new Ajv({ strict: false }))
const fits = ajv.compile(read('alert.schema.json'))
const headersFit = ajv.compile(read('asyncapi.json').components.messages.alert.headers)

const consumer = new Kafka({ brokers: brokers.split(','), clientId: 'contract', logLevel: logLevel.ERROR })
  .consumer({ groupId: `node-${topic}` })
await consumer.connect()
await consumer.subscribe({ topic, fromBeginning: true })

let seen = 0
const finished = new Promise((resolve) => {
  consumer.run({
    eachMessage: async ({ partition, message }) => {
      const headers = Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, value.toString()]))
      const alert = JSON.parse(message.value.toString('utf8'))
      console.log(JSON.stringify({
        id: alert.id,
        headline: alert.headline,
        key: message.key.toString(),
        partition,
        headers,
        complaints: [...(fits(alert) ? [] : fits.errors), ...(headersFit(headers) ? [] : headersFit.errors)],
      }))
      seen += 1
      if (seen >= Number(count)) resolve()
    },
  })
})
await finished
await consumer.disconnect()
