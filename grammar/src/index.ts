/** The grammar's generated AST and Langium modules. */
export * from './generated/ast.ts';
export * from './generated/module.ts';
