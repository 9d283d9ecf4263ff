<?php
// An LMS written with LTI-PHP, for PHP's built-in server; see ../README.md.
//
//   GET /launch?url=&user=&link=&roles=   a page with a signed form
//   POST /outcomes                        the outcome service, LTI 1.1 XML
//   POST /forms                           the LTI 1.0 outcome and roster service
//   GET /grades                           the gradebook as JSON
declare(strict_types=1);

use ceLTIc\LTI;
use ceLTIc\LTI\Enum\LtiVersion;

require __DIR__ . '/common.php';

const PEOPLE = [
    'u-ada' => ['Ada', 'Moss', 'Learner'],
    'u-bob' => ['Bob', 'Reed', 'Learner'],
    'u-ines' => ['Inês', 'Öztürk', 'Instructor'],
];

class LMSOfTests extends LTI\Platform
{
    // verified says whether the request is signed with our key and new.
    public function verified(): bool
    {
        $this->ok = true;
        $this->verifySignature();
        return $this->ok;
    }
}

$db = database();
$connector = connector($db);
$lms = new LMSOfTests($connector);
$lms->setKey('lms-key');
$connector->loadPlatform($lms);
if (!$lms->enabled) {
    $lms->name = 'LMS';
    $lms->secret = 'lms-secret';
    $lms->enabled = true;
    $lms->ltiVersion = LtiVersion::V1;
    $lms->save();
}
$url = getenv('PEER_URL');

function grade(PDO $db, string $sourcedid, ?string $score): void
{
    $db->prepare('REPLACE INTO grades VALUES (?, ?)')->execute([$sourcedid, $score]);
}

function graded(PDO $db, string $sourcedid): ?string
{
    $q = $db->prepare('SELECT score FROM grades WHERE sourcedid = ?');
    $q->execute([$sourcedid]);
    $score = $q->fetchColumn();
    return $score === false ? null : $score;
}

function known(string $sourcedid): bool
{
    [, $user] = explode('|', $sourcedid . '|');
    return isset(PEOPLE[$user]);
}

function launch(LTI\Platform $lms, string $url): never
{
    [$given, $family, $role] = PEOPLE[$_GET['user']];
    $params = [
        'resource_link_id' => $_GET['link'], 'resource_link_title' => 'From LTI-PHP & more', 'context_id' => 'bio-1', 'context_title' => 'Biology “1”',
        'user_id' => $_GET['user'], 'lis_person_sourcedid' => substr($_GET['user'], 2), 'roles' => $role,
        'lis_person_name_given' => $given, 'lis_person_name_family' => $family, 'lis_person_name_full' => "$given $family",
        'launch_presentation_return_url' => "$url/back", 'tool_consumer_instance_guid' => 'lti-php.example',
        'lis_outcome_service_url' => "$url/outcomes?x=a%20b", 'ext_ims_lis_basic_outcome_url' => "$url/forms",
        'ext_ims_lis_memberships_url' => "$url/forms", 'ext_ims_lis_memberships_id' => "roster|{$_GET['link']}",
        'ext_ims_lis_resultvalue_sourcedids' => 'decimal,percentage,ratio',
    ];
    if ($role === 'Learner') {
        $params['lis_result_sourcedid'] = "{$_GET['link']}|{$_GET['user']}";
    }
    echo $lms->sendMessage($_GET['url'], 'basic-lti-launch-request', $params);
    exit;
}

// outcomes answers one POX message (LTI 1.1 section 6).
function outcomes(LMSOfTests $lms, PDO $db): never
{
    $body = file_get_contents('php://input');
    preg_match('/oauth_body_hash="([^"]*)"/', $_SERVER['HTTP_AUTHORIZATION'] ?? '', $hash);
    $method = str_contains($_SERVER['HTTP_AUTHORIZATION'] ?? '', 'SHA256') ? 'sha256' : 'sha1';
    if (!$lms->verified() || rawurldecode($hash[1] ?? '') !== base64_encode(hash($method, $body, true))) {
        http_response_code(401);
        exit($lms->reason ?? 'body hash');
    }
    $doc = new DOMDocument();
    $doc->loadXML($body);
    $text = fn(string $name): string => $doc->getElementsByTagName($name)->item(0)?->textContent ?? '';
    $sourcedid = $text('sourcedId');
    $operation = preg_match('/<(replace|read|delete)ResultRequest/', $body, $m) ? $m[1] . 'Result' : '';
    $major = known($sourcedid) ? 'success' : 'failure';
    $result = '';
    if ($major === 'success' && $operation === 'replaceResult') {
        grade($db, $sourcedid, $text('textString'));
    } elseif ($major === 'success' && $operation === 'deleteResult') {
        grade($db, $sourcedid, null);
    } elseif ($major === 'success') {
        $result = '<result><resultScore><language>en</language><textString>' . graded($db, $sourcedid) . '</textString></resultScore></result>';
    }
    header('Content-Type: application/xml');
    echo '<?xml version="1.0" encoding="UTF-8"?><imsx_POXEnvelopeResponse xmlns="http://www.imsglobal.org/services/ltiv1p1/xsd/imsoms_v1p0">' .
        '<imsx_POXHeader><imsx_POXResponseHeaderInfo><imsx_version>V1.0</imsx_version><imsx_messageIdentifier>' . uniqid() . '</imsx_messageIdentifier>' .
        "<imsx_statusInfo><imsx_codeMajor>$major</imsx_codeMajor><imsx_severity>status</imsx_severity><imsx_description>$operation</imsx_description>" .
        '<imsx_messageRefIdentifier>' . htmlspecialchars($text('imsx_messageIdentifier')) . "</imsx_messageRefIdentifier><imsx_operationRefIdentifier>$operation</imsx_operationRefIdentifier>" .
        "</imsx_statusInfo></imsx_POXResponseHeaderInfo></imsx_POXHeader><imsx_POXBody><{$operation}Response>$result</{$operation}Response></imsx_POXBody></imsx_POXEnvelopeResponse>";
    exit;
}

// forms answers the services of LTI 1.0: outcomes and rosters.
function forms(LMSOfTests $lms, PDO $db): never
{
    header('Content-Type: application/xml');
    $kind = $_POST['lti_message_type'] ?? '';
    $xml = function (string $major, string $inner) use ($kind): never {
        exit("<?xml version=\"1.0\" encoding=\"UTF-8\"?><message_response><lti_message_type>$kind</lti_message_type><statusinfo><codemajor>$major</codemajor>" .
            "<severity>Status</severity><codeminor>fullsuccess</codeminor></statusinfo>$inner</message_response>");
    };
    if (!$lms->verified()) {
        http_response_code(401);
        $xml('Failure', '');
    }
    if (str_starts_with($kind, 'basic-lis-readmembershipsforcontext')) {
        $members = '';
        foreach (PEOPLE as $id => [$given, $family, $role]) {
            $sourcedid = $role === 'Learner' ? '<lis_result_sourcedid>' . htmlspecialchars(substr($_POST['id'], 7)) . "|$id</lis_result_sourcedid>" : '';
            $members .= "<member><user_id>$id</user_id><roles>$role</roles><person_sourcedid>" . substr($id, 2) . "</person_sourcedid><person_name_given>$given</person_name_given>" .
                "<person_name_family>$family</person_name_family>$sourcedid</member>";
        }
        $xml('Success', "<memberships>$members</memberships>");
    }
    $sourcedid = $_POST['sourcedid'] ?? '';
    if (!known($sourcedid)) {
        $xml('Failure', '');
    }
    if ($kind === 'basic-lis-updateresult') {
        grade($db, $sourcedid, $_POST['result_resultscore_textstring']);
    } elseif ($kind === 'basic-lis-deleteresult') {
        grade($db, $sourcedid, null);
    }
    $xml('Success', '<result><resultscore><textstring>' . graded($db, $sourcedid) . '</textstring></resultscore></result>');
}

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/launch':
        launch($lms, $url);
    case '/outcomes':
        outcomes($lms, $db);
    case '/forms':
        forms($lms, $db);
    case '/grades':
        answer((object) $db->query('SELECT sourcedid, score FROM grades')->fetchAll(PDO::FETCH_KEY_PAIR));
}
http_response_code(404);
