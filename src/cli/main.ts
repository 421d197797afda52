#!/usr/bin/env node
import { compileHotCode } from './compiler.ts'

// Before the other modules are loaded: loading alone would start the compilers. Lists switch them on again.
compileHotCode(false)
// What ends without having said how it went has failed.
process.exitCode = 1
const { runProgram } = await import('./program.ts')
process.exit(await runProgram(process.argv.slice(2)))
