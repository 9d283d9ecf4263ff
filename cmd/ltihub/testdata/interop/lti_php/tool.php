<?php
// A tool written with LTI-PHP, for PHP's built-in server; see ../README.md.
//
//   POST /lti?...   a launch; the answer is JSON
//   GET /do?what=   a service call of the newest launch; the answer is JSON
declare(strict_types=1);

use ceLTIc\LTI;
use ceLTIc\LTI\Enum\LtiVersion;
use ceLTIc\LTI\Enum\ServiceAction;

require __DIR__ . '/common.php';

class ToolOfTests extends LTI\Tool
{
    protected function onLaunch(): void
    {
        file_put_contents(getenv('PEER_DB') . '.launch', json_encode([
            'link' => $this->resourceLink->getRecordId(), 'user' => $this->userResult->getRecordId(),
        ]));
        answer([
            'valid' => true, 'user' => $this->userResult->getId(), 'name' => $this->userResult->fullname, 'learner' => $this->userResult->isLearner(),
            'staff' => $this->userResult->isStaff(), 'link' => $this->resourceLink->getId(), 'context' => $this->context?->getId() ?? '',
            'outcomes' => $this->resourceLink->hasOutcomesService(), 'memberships' => $this->resourceLink->hasMembershipsService(),
            'setting' => $this->resourceLink->hasSettingService(),
        ]);
    }

    protected function onContentItem(): void
    {
        $item = new LTI\Content\LtiLinkItem(new LTI\Content\Placement(LTI\Content\Placement::TYPE_FRAME));
        $item->setTitle('Chosen with LTI-PHP');
        $item->setUrl(getenv('PEER_URL') . '/lti?item=7');
        $item->addCustom('item', '7');
        $line = new LTI\Content\LineItem('Chosen with LTI-PHP', 20);
        $item->setLineItem($line);
        $params = ['content_items' => LTI\Content\Item::toJson([$item], $this->ltiVersion)];
        if (!empty($this->messageParameters['data'])) {
            $params['data'] = $this->messageParameters['data'];
        }
        $this->output = $this->platform->sendMessage($this->returnUrl, 'ContentItemSelection', $params);
    }

    protected function onError(): void
    {
        answer(['valid' => false, 'error' => $this->reason]);
    }
}

// members answers with each member once: of Context Memberships the library
// lists everybody twice.
function members(array|bool $members): never
{
    $found = [];
    foreach ($members ?: [] as $m) {
        $found[$m->ltiUserId] = ['name' => $m->fullname, 'learner' => $m->isLearner(), 'sourcedid' => !empty($m->ltiResultSourcedId)];
    }
    usort($found, fn($a, $b) => strcmp($a['name'], $b['name']));
    answer(['ok' => is_array($members), 'members' => $found]);
}

$db = database();
$connector = connector($db);
$platform = LTI\Platform::fromConsumerKey('tool-key', $connector);
if (!$platform->enabled) {
    $platform->name = 'Hub';
    $platform->secret = 'tool-secret';
    $platform->enabled = true;
    $platform->ltiVersion = LtiVersion::V1;
    $platform->save();
}
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/lti') {
    $tool = new ToolOfTests($connector);
    $tool->handleRequest(null, true);
    exit;
}

if (!isset($_GET['what'])) {
    answer([]);
}
$launch = json_decode(file_get_contents(getenv('PEER_DB') . '.launch'));
$link = LTI\ResourceLink::fromRecordId($launch->link, $connector);
$user = LTI\UserResult::fromRecordId($launch->user, $connector);
switch ($_GET['what']) {
    case 'write':
        $outcome = new LTI\Outcome($_GET['score']);
        answer(['ok' => $link->doOutcomesService(ServiceAction::Write, $outcome, $user)]);
    case 'read':
        $outcome = new LTI\Outcome();
        answer(['ok' => $link->doOutcomesService(ServiceAction::Read, $outcome, $user), 'score' => $outcome->getValue()]);
    case 'delete':
        answer(['ok' => $link->doOutcomesService(ServiceAction::Delete, new LTI\Outcome(), $user)]);
    case 'members':
        members($link->getMemberships(false));
    case 'page':
        $service = new LTI\Service\Membership($link->getContext(), $link->getContext()->getSetting('custom_context_memberships_url'));
        members($service->get());
    case 'save':
        answer(['ok' => $link->doSettingService(ServiceAction::Write, $_GET['value'])]);
    case 'load':
        answer(['ok' => true, 'value' => $link->doSettingService(ServiceAction::Read)]);
}
answer(['ok' => false, 'error' => 'unknown']);
