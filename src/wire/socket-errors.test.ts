import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectError, lossError, wasCutShort } from './socket-errors.ts'
import { handshakeError, tlsLossError } from './tls-errors.ts'

const coded = (code: string): Error => Object.assign(new Error(`secret detail ${code}`), { code })

describe('errors of sockets', () => {
  it('before the connection have the code of what failed', () => {
    const codes = [
      'ENOTFOUND',
      'EAI_AGAIN',
      'ECONNREFUSED',
      'ETIMEDOUT',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ECONNRESET',
      'EXOTIC',
    ]
    assert.deepEqual(
      codes.map((code) => connectError(coded(code), 'host:1').code),
      ['dns', 'dns', 'connect-refused', ...Array.from({ length: 5 }, () => 'connect-failed')],
    )
  })

  it('of several addresses are told by the part that says most', () => {
    const all = (...codes: string[]): Error => new AggregateError(codes.map(coded))
    assert.equal(connectError(all('ENETUNREACH', 'ECONNREFUSED'), 'host:1').code, 'connect-refused')
    assert.match(connectError(all('ENETUNREACH', 'ETIMEDOUT'), 'host:1').message, /does not answer/)
    assert.match(connectError(all('ENETUNREACH'), 'host:1').message, /no way to the network/)
    assert.equal(connectError(all(), 'host:1').code, 'connect-failed')
    assert.deepEqual([wasCutShort(all('ENETUNREACH', 'ETIMEDOUT')), wasCutShort(all('ENETUNREACH'))], [true, false])
    assert.equal(wasCutShort(coded('ETIMEDOUT')), false)
  })

  it('name the host, and the port where it matters', () => {
    assert.equal(
      connectError(coded('ENOTFOUND'), 'host:1').message,
      'The address of host was not found: the name is not known.',
    )
    assert.equal(connectError(coded('ECONNREFUSED'), '[::1]:1').message, '[::1]:1 refused the connection.')
    assert.equal(lossError(coded('ECONNRESET'), 'host:1').message, 'The connection to host:1 was lost: it was reset.')
  })

  it('of an established connection are losses', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EXOTIC'])
      assert.equal(lossError(coded(code), 'h:1').code, 'connection-lost')
  })

  it('of a handshake say what is wrong with the certificate or the protocol', () => {
    for (const [code, words] of [
      ['CERT_HAS_EXPIRED', /has expired/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /does not know/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
      ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/],
      ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /no longer safe/],
      ['ERR_SSL_UNHEARD_OF', /failed: ERR_SSL_UNHEARD_OF/],
    ] as const) {
      const error = handshakeError(coded(code), 'host:1')
      assert.equal(error.code, 'tls')
      assert.match(error.message, words)
    }
    assert.equal(handshakeError(coded('ECONNRESET'), 'host:1').code, 'connection-lost')
    assert.equal(handshakeError(coded('EXOTIC'), 'host:1').code, 'connection-lost')
  })

  it('of TLS in the middle of an answer are losses, before it a refusal', () => {
    const alert = coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
    assert.equal(tlsLossError(alert, 'host:1', false).code, 'tls')
    assert.equal(tlsLossError(alert, 'host:1', true).code, 'connection-lost')
    assert.equal(tlsLossError(coded('ECONNRESET'), 'host:1', false).code, 'connection-lost')
  })
})
