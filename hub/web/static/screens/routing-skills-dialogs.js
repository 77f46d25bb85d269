/** @import { SkillView } from "../types.js" */
import { api, asProblem } from "../api.js";
import { Button } from "../components/button.js";
import { Dialog } from "../components/dialog.js";
import { SearchField, TextField } from "../components/field.js";
import { asEntry, compare, languageName, problemWords, t } from "../i18n.js";
import { toast } from "../models/toasts.js";
import { html, useMemo, useState } from "../ui.js";

/** What is written to shops in the Americas and Europe; the hub itself tells apart the first three. */
const LANGUAGES = [
  "pt",
  "en",
  "es",
  "fr",
  "de",
  "it",
  "nl",
  "ja",
  "zh",
  "ko",
  "ar",
  "he",
  "ru",
  "uk",
  "pl",
  "tr",
  "hi",
];

/** @param {{ known: SkillView[], reload: () => Promise<void>, close: () => void }} props */
export function AddSkill({ known, reload, close }) {
  const free = LANGUAGES.filter((code) => !known.some((one) => one.id === `lang-${code}`));
  const [kind, setKind] = useState("own");
  const [name, setName] = useState("");
  const [code, setCode] = useState(free[0] ?? "");
  const [wrong, setWrong] = useState("");
  const choices = useMemo(
    () => free.map((id) => ({ id, words: asEntry(languageName(id)) })).sort((a, b) => compare(a.words, b.words)),
    [],
  );
  /** @param {SubmitEvent} event */
  const add = async (event) => {
    event.preventDefault();
    try {
      await (kind === "own" ? api.addSkill(name.trim()) : addLanguage(code));
      await reload();
      toast(t("saved"));
      close();
    } catch (error) {
      setWrong(problemWords(asProblem(error)));
    }
  };
  return html`<${Dialog} title=${t("skills.add")} close=${close}><form class="stack away" onSubmit=${add}>
    <fieldset><legend>${t("skills.add.what")}</legend><div class="picks">${["own", "language"].map(
      (one) =>
        html`<label key=${one} class="pick"><input type="radio" name="kind" checked=${kind === one} onChange=${() => setKind(one)} /><span>${t(`skills.add.${one}`)}</span></label>`,
    )}</div></fieldset>
    ${
      kind === "own"
        ? html`<${TextField} label=${t("field.name")} hint=${t("skills.name.hint")} value=${name} change=${setName} error=${wrong || null} required maxlength="60" autocomplete="off" data-first />`
        : html`<${SearchField} label=${t("skills.language")} value=${code} change=${setCode} choices=${choices} placeholder=${t("skills.language.find")} error=${wrong || null} />`
    }
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit">${t("add")}</${Button}></div>
  </form></${Dialog}>`;
}

/** Its id says which language it is, its name what it is called here. @param {string} code */
async function addLanguage(code) {
  const made = await api.addSkill(`lang-${code}`);
  await api.renameSkill(made.id, languageName(code));
}

/** @param {{ skill: SkillView, reload: () => Promise<void>, close: () => void }} props */
export function RenameSkill({ skill, reload, close }) {
  const [name, setName] = useState(skill.name);
  const [wrong, setWrong] = useState("");
  /** @param {SubmitEvent} event */
  const save = async (event) => {
    event.preventDefault();
    try {
      await api.renameSkill(skill.id, name.trim());
      await reload();
      toast(t("saved"));
      close();
    } catch (error) {
      setWrong(problemWords(asProblem(error)));
    }
  };
  return html`<${Dialog} title=${t("skills.rename", { name: skill.name })} close=${close}><form class="stack" onSubmit=${save}>
    <${TextField} label=${t("field.name")} value=${name} change=${setName} error=${wrong || null} required maxlength="60" autocomplete="off" data-first />
    <div class="buttons end"><${Button} kind="quiet" onClick=${close}>${t("cancel")}</${Button}><${Button} kind="primary" type="submit">${t("save")}</${Button}></div>
  </form></${Dialog}>`;
}
