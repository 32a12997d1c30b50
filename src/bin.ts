#!/usr/bin/env node
// The installed command. It reads no other file before it knows that this Node can: an old one must say so in words.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 19)) {
  await import('./main.js')
} else {
  process.stderr.write(
    `slicedns needs Node.js 22.19 or newer and this is ${process.versions.node}: ` +
      'install a newer one from https://nodejs.org, or run it as `npx -p node@24 -p slicedns slicedns`\n',
  )
  process.exitCode = 1
}
