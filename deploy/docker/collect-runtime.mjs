// Runs inside an image with Node and gathers all that Node needs to run elsewhere, so that the final image has no shell,
// no package manager and nothing else to update. node collect-runtime.mjs IMAGE_FOLDER OWNED_FOLDER
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const [image, owned] = process.argv.slice(2)

function add(file, target = file) {
  const to = join(image, target)
  mkdirSync(dirname(to), { recursive: true })
  // The loader asks for a library by its short name, a link to the long one: the link's name gets the content.
  copyFileSync(file, to)
}

add(process.execPath, '/usr/local/bin/node')
// It would look up the machine's names.
process.report.excludeNetwork = true
for (const library of process.report.getReport().sharedObjects) if (existsSync(library)) add(library)

// What the licences ask for. Debian has them by package, Node's own image beside the program.
for (const file of ['/usr/local/LICENSE', '/LICENSE']) if (existsSync(file)) add(file, '/usr/share/doc/node/LICENSE')
const documents = '/usr/share/doc'
for (const name of existsSync(documents) ? readdirSync(documents) : []) {
  const file = join(documents, name, 'copyright')
  if (/^(libc6|libgcc-s1|libstdc\+\+6|libatomic1)$/.test(name) && existsSync(file)) add(file)
}

function write(file, text) {
  mkdirSync(dirname(join(image, file)), { recursive: true })
  writeFileSync(join(image, file), text)
}

write('/etc/passwd', 'root:x:0:0:root:/:/\nllm-gateway:x:10001:10001:LLM Gateway:/data:/\n')
write('/etc/group', 'root:x:0:\nllm-gateway:x:10001:\n')
// Without it names of /etc/hosts (--add-host, the services of compose) may not be found.
write('/etc/nsswitch.conf', 'hosts: files dns\n')

mkdirSync(join(image, 'app'), { recursive: true })
mkdirSync(join(image, 'tmp'), { recursive: true })
chmodSync(join(image, 'tmp'), 0o1777)
mkdirSync(join(owned, 'data'), { recursive: true })
chmodSync(join(owned, 'data'), 0o770)
