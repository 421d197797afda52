import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { appended, linesOfFile, linesOfUriList, mayBeList } from './list-file.ts'

describe('a dropped file', () => {
  it('may be a list by its name or type', () => {
    const is = (name: string, type = ''): boolean => mayBeList({ name, type })
    assert.ok(is('list.txt') && is('a.CSV') && is('links.urls') && is('aria2') && is('x.conf', 'text/plain'))
    assert.ok(!is('photo.jpg', 'image/jpeg') && !is('a.zip', 'application/zip') && !is('a.bin'))
  })

  it('keeps a list as it is, with the option lines of aria2', () => {
    const list = '\ufeff# mine\r\nhttps://a.test/1\thttps://b.test/1\r\n  out=x\r\n'
    assert.equal(linesOfFile('list.txt', list), '# mine\r\nhttps://a.test/1\thttps://b.test/1\r\n  out=x')
  })

  it('gives the addresses of a table, quoted or not', () => {
    const table = 'name,url\n"a, b","https://a.test/x,y?z=""1"""\nc;https://a.test/2;3\nd\thttps://a.test/3\n'
    assert.equal(linesOfFile('t.csv', table), 'https://a.test/x,y?z="1"\nhttps://a.test/2\nhttps://a.test/3')
  })

  it('gives the address of an internet shortcut', () => {
    assert.equal(linesOfFile('a.url', '[InternetShortcut]\r\nURL=https://a.test/1\r\nIconIndex=0'), 'https://a.test/1')
  })

  it('gives the addresses of a web page and of a note, each once', () => {
    assert.equal(linesOfFile('a.html', '<a href="https://a.test/?a=1&amp;b=2">x</a>'), 'https://a.test/?a=1&b=2')
    assert.equal(
      linesOfFile('a.md', 'See [it](https://a.test/1) and https://a.test/2, https://a.test/1.'),
      'https://a.test/1\nhttps://a.test/2',
    )
  })

  it('is none when it is no text', () => assert.equal(linesOfFile('a.txt', 'PK\u0003\0\0'), null))
})

describe('dropped links', () => {
  it('lose the comments of their list', () => {
    assert.equal(
      linesOfUriList('# one\r\nhttps://a.test/1\r\n\r\nhttps://a.test/2\r\n'),
      'https://a.test/1\nhttps://a.test/2',
    )
  })

  it('come below what is in the field', () => {
    assert.equal(appended('', 'x'), 'x')
    assert.equal(appended('a\n\n', 'x'), 'a\nx')
  })
})
