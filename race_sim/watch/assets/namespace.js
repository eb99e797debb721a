/* Everything that draws a race lives in this one object; see stage.js for what a page calls. */
var RaceStage = { views: {} };
