#!/usr/bin/env node
import { compileHotCode, stopCompiling } from './compiler.ts'

// Before the other modules are loaded: loading alone would start the compilers. Lists switch them on again.
compileHotCode(false)
// What ends without having said how it went has failed.
process.exitCode = 1
const { runProgram } = await import('./program.ts')
const code = await runProgram(process.argv.slice(2))
await stopCompiling()
process.exit(code)
