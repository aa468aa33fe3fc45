// Everything works without this file; it saves people from pressing "reload".
import { keepLive } from "./live.js";
import { refreshCameras } from "./cameras.js";
import { runClocks } from "./clock.js";
import { nameDroppedFiles } from "./drop.js";
import { filterNames } from "./names.js";
import { guardForms } from "./forms.js";
import { openDialogs } from "./dialogs.js";
import { stepThroughForms } from "./steps.js";
import { fillScreen } from "./kiosk.js";
import { readAloud } from "./aloud.js";
import { comeBack, keepOfflinePage } from "./offline.js";
import { tryLooks } from "./looks.js";
import { readBadges } from "./badge.js";

keepLive(document);
refreshCameras(document);
nameDroppedFiles(document);
filterNames(document);
guardForms(document);
openDialogs(document);
stepThroughForms(document);
fillScreen(document);
readAloud(document);
comeBack(document);
runClocks(document);
keepOfflinePage(document);
tryLooks(document);
readBadges(document);
