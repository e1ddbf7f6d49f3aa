#!/usr/bin/env node
'use strict'
// Old Node versions have to understand this file: so that they get a sentence instead of a stack trace.
var major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    'LLM Gateway needs Node 24 or later, and this is Node ' + process.versions.node + ': see https://nodejs.org/',
  )
  process.exitCode = 1
} else {
  void import('./llm-gateway.mjs')
}
