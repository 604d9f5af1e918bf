import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '../..');
const APP = join(__dirname, 'app');

/** A file of the tarball. */
export interface Packed {
  readonly path: string;
  readonly size: number;
}

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface TemplateOf {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>
  >;
}

/** The package as `npm publish` would send it, installed into an empty app. */
export class InstalledApp {
  public readonly folder = mkdtempSync(join(tmpdir(), 'firebreak-app-'));
  public readonly files: readonly Packed[];
  /** Bytes of the tarball. */
  public readonly size: number;

  /** Takes half a minute: the library is compiled, packed and installed. The Lambda bundles must be there. */
  constructor() {
    // Not by npm's life cycle, which would write the Lambda bundles anew under the feet of other tests.
    npm(['run', '--silent', 'jsii'], ROOT);
    const [packed] = JSON.parse(
      npm(['pack', '--ignore-scripts', '--json', '--pack-destination', this.folder], ROOT),
    ) as [{ filename: string; size: number; files: Packed[] }];
    this.files = packed.files;
    this.size = packed.size;
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
    // Peers are the app's own; nothing else may be needed, and nothing is downloaded.
    npm(
      ['install', '--offline', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', packed.filename],
      this.folder,
    );
    for (const peer of ['aws-cdk-lib', 'constructs', '@types/node']) this.link(peer);
    mkdirSync(join(this.folder, 'rules'));
    cpSync(join(APP, 'rule.yml'), join(this.folder, 'rules/rule.yml'));
    for (const name of ['app.ts', 'app-plain.js', 'firebreak.yaml', 'sealed.cjs']) {
      cpSync(join(APP, name), join(this.folder, name));
    }
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Runs Node in the app, with a PATH on which there is nothing. */
  public node(args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: join(this.folder, 'nowhere'), HOME: this.folder, CDK_VALIDATION: 'false', ...env },
    });
    return { code: status, stdout, stderr };
  }

  /** Synthesises without network and without other programs. */
  public synth(script: string, stack: string): { readonly template: TemplateOf; readonly folder: string } {
    const folder = join(this.folder, `${stack}-${script.replace(/\W/g, '')}.out`);
    const ran = this.node(['--require', './sealed.cjs', script], { CDK_OUTDIR: folder });
    if (ran.code !== 0) throw new Error(`${script} ended with ${String(ran.code)}:\n${ran.stderr}`);
    const template = JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8')) as TemplateOf;
    return { template, folder };
  }

  /** Texts of the rules' program in the assets of an assembly. */
  public static programs(assembly: string): string[] {
    return readdirSync(assembly, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('program.js'))
      .map((name) => readFileSync(join(assembly, name), 'utf8'));
  }

  /**
   * Compiles strictly, our own declarations included, and says what is wrong. Those of aws-cdk-lib are read but not
   * checked, which would take a minute.
   */
  public compile(file: string): string[] {
    const source = join(this.folder, file);
    const program = ts.createProgram([source], {
      strict: true,
      skipLibCheck: false,
      module: ts.ModuleKind.Node20,
      target: ts.ScriptTarget.ES2023,
      types: ['node'],
      typeRoots: [join(this.folder, 'node_modules/@types')],
    });
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName === source || fileName.includes('/node_modules/firebreak/'));
    const found = [...program.getGlobalDiagnostics(), ...ours.flatMap((one) => ts.getPreEmitDiagnostics(program, one))];
    program.emit();
    return found.map(
      ({ file: at, messageText }) => `${at?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  }

  private link(name: string): void {
    const place = join(this.folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), place);
  }
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
