import { expect, test } from 'vitest'
import { startProgram } from './program.js'

async function run(args: string[], env: Record<string, string> = {}) {
  const program = startProgram({ args, env })
  const code = await program.exited()
  return { code, stdout: program.stdout, stderr: program.stderr }
}

test('help and version are printed and end well', async () => {
  expect(await run(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('GROUNDTRACK_DATABASE_URL') as string,
    stderr: '',
  })
  expect(await run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
})

test.each([[['sail']], [['--loud']], [['serve', 'twice']]])('wrong usage %j ends with 2 and points to the help', async (args) => {
  expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('See groundtrack --help.') as string })
})

test('an address that other machines reach is refused, with what to do instead', async () => {
  const { code, stderr } = await run([], { GROUNDTRACK_HOST: '0.0.0.0' })

  expect(code).toBe(1)
  expect(stderr).toMatch(/GROUNDTRACK_HOST is 0\.0\.0\.0.*no login yet.*ssh -L/)
})
