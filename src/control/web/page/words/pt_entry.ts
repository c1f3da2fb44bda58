import type { ENTRY_EN } from "./en_entry.ts";

/** Of the way to the manager and who may go it, in Portuguese. */
export const ENTRY_PT: typeof ENTRY_EN = {
  broken: {
    lost: "A ligação caiu. Nova tentativa em curso …",
    full: "Há demasiadas páginas deste gestor abertas. Feche outra; nova tentativa em curso …",
    fault: "O gestor tem uma falha, que o seu registo indica. Nova tentativa em curso …",
    host: "O gestor não responde pelo nome que está no endereço desta página. Abra-a pelo " +
      "número, ou inicie-o com esse nome em --rpc-host.",
    machine: "O gestor só serve a própria máquina. Para o abrir daqui, inicie-o com uma " +
      "palavra-passe (--rpc-auth-file).",
  },
  login: {
    title: "Entrar",
    text: "Este gestor pede um utilizador e uma palavra-passe.",
    user: "Utilizador",
    password: "Palavra-passe",
    stay: "Manter a sessão iniciada neste navegador",
    go: "Entrar",
    wrong: "Este utilizador e esta palavra-passe não servem. Tente de novo.",
    locked: "Demasiadas palavras-passe erradas. Espere um minuto e tente de novo.",
    failed: "O gestor não respondeu. Tente de novo.",
    out: "Sair",
  },
};
